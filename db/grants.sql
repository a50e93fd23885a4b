-- What a least-privileged role needs to run Undercurrent in a database, instead of the owner's or a
-- superuser's login. Run once in each target database, as a superuser:
--
--   psql -v ON_ERROR_STOP=1 -d synapse -f db/grants.sql
--
-- then give the role a password (\password undercurrent_runner) and configure
--
--   undercurrent.databases[0].username=undercurrent_runner
--
-- Any other name will do, except the name of the schema: PostgreSQL puts "$user" first in the
-- search path, and the jobs' table names would then refer to Undercurrent's own tables.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'undercurrent_runner') THEN
    CREATE ROLE undercurrent_runner LOGIN;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO undercurrent_runner', current_database());
END
$$;

-- Undercurrent's own tables. The role owns the schema, so it need not be allowed to create others;
-- without this file it needs GRANT CREATE ON DATABASE. What another role, such as a superuser,
-- has already made there is handed over.
CREATE SCHEMA IF NOT EXISTS undercurrent AUTHORIZATION undercurrent_runner;
ALTER SCHEMA undercurrent OWNER TO undercurrent_runner;
DO $$
DECLARE
  handing_over text;
BEGIN
  FOR handing_over IN
    -- indexes, and sequences that belong to a column, follow their tables
    SELECT format('ALTER TABLE %s OWNER TO undercurrent_runner', CAST(oid AS regclass))
      FROM pg_class
     WHERE relnamespace = CAST('undercurrent' AS regnamespace)
       AND relowner <> CAST('undercurrent_runner' AS regrole)
       AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
       AND NOT EXISTS (SELECT
                         FROM pg_depend
                        WHERE classid = CAST('pg_class' AS regclass)
                          AND objid = pg_class.oid
                          AND relkind = 'S'
                          AND deptype IN ('a', 'i'))
    UNION ALL
    SELECT format('ALTER ROUTINE %s OWNER TO undercurrent_runner', CAST(oid AS regprocedure))
      FROM pg_proc
     WHERE pronamespace = CAST('undercurrent' AS regnamespace)
       AND proowner <> CAST('undercurrent_runner' AS regrole)
    UNION ALL
    SELECT format('ALTER TYPE %s OWNER TO undercurrent_runner', CAST(oid AS regtype))
      FROM pg_type
     WHERE typnamespace = CAST('undercurrent' AS regnamespace)
       AND typowner <> CAST('undercurrent_runner' AS regrole)
       -- types of tables and arrays follow what they belong to
       AND (typtype IN ('d', 'e', 'r')
            OR typtype = 'c' AND EXISTS (SELECT
                                           FROM pg_class
                                          WHERE pg_class.oid = typrelid
                                            AND relkind = 'c'))
  LOOP
    EXECUTE handing_over;
  END LOOP;
END
$$;

-- The tables that jobs touch: everything in public, as an example; name single tables if jobs touch
-- only those. SELECT ... FOR NO KEY UPDATE needs UPDATE as well.
GRANT USAGE ON SCHEMA public TO undercurrent_runner;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO undercurrent_runner;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO undercurrent_runner;

-- Where tables have row level security: without this, jobs end with an error if policies would hide
-- rows from them, unless they say 'row-security: filter'.
--
--   ALTER ROLE undercurrent_runner BYPASSRLS;

-- Only a table's owner can create its indexes. If jobs have create-index, make the role a member of
-- the owning role:
--
--   GRANT synapse_user TO undercurrent_runner;
--
-- Indexes are tried on an empty temporary copy of the table first, which any role can make unless
-- TEMPORARY on the database was revoked from PUBLIC.

-- How far standbys are, and how many WAL segments wait for the archive, which hold updates back where
-- they are too many, is seen only with this. It also lets doctor see how old the transactions of
-- other roles are. It is needed where the server has standbys, unless the signals replication-lag
-- and replication-bytes are off; managed services let their administrators grant it.
--
--   GRANT pg_monitor TO undercurrent_runner;

-- Not needed: pg_signal_backend (a runner ends sessions of its own role only), REPLICATION,
-- CREATEDB, CREATEROLE.
