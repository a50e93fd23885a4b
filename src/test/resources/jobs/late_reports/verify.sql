SELECT id FROM reports WHERE checked <> (id >= 2901);
SELECT read_count FROM undercurrent.batch_step_execution WHERE read_count <> 100;
