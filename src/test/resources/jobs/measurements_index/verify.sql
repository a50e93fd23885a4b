SELECT 'no index' WHERE NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('measurements_device_day') AND indisvalid);
SELECT relid FROM pg_partition_tree('measurements') WHERE isleaf AND NOT EXISTS (
  SELECT FROM pg_index WHERE indrelid = relid AND indisvalid AND pg_partition_root(indexrelid) = 'measurements_device_day'::regclass);
