SELECT write_count FROM undercurrent.batch_step_execution WHERE write_count <> 0 OR read_count <> 2000;
