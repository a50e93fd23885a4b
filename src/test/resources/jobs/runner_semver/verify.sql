SELECT id, version, semver FROM runners WHERE semver IS DISTINCT FROM substring(version FROM 'v?([0-9.]+)');
SELECT write_count FROM undercurrent.batch_step_execution WHERE write_count <> 1000 OR read_count <> 2000;
