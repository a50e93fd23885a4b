--liquibase formatted sql

--changeset undercurrent:json splitStatements:false
--comment: JSON of strangers, in text columns that no database has checked
CREATE FUNCTION undercurrent.storable_json(document text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $function$
  SELECT string_agg(
           CASE
             -- between strings: numbers that do not fit into numeric
             WHEN part[1] IS NULL
               THEN regexp_replace(part[3], '-?(0|[1-9][0-9]*)(\.[0-9]+)?[eE][+-]?[0-9]{4,}', 'null', 'g')
             -- a string without zeros and surrogates, once pairs and other escapes are taken out
             WHEN regexp_replace(part[1], '\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\[^u]', '', 'g') !~ '\\u(0000|[dD][89a-fA-F])'
               THEN part[1] || coalesce(part[2], '')
             WHEN part[2] IS NULL
               THEN 'null'
             ELSE '""' || part[2]
           END, '' ORDER BY place)
    FROM regexp_matches(document, '("(?:[^"\\]|\\.)*")(\s*:)?|([^"]+|"(?:[^"\\]|\\.)*)', 'g') WITH ORDINALITY AS parts(part, place)
$function$;
COMMENT ON FUNCTION undercurrent.storable_json IS
  'The document with what jsonb cannot hold made null: strings with U+0000 or half a surrogate pair, numbers with huge exponents. Such keys become empty.';

CREATE FUNCTION undercurrent.parse_json(document text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT AS $function$
BEGIN
  RETURN document::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  BEGIN
    RETURN undercurrent.storable_json(document)::jsonb;
  EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN NULL;
  END;
END
$function$;
COMMENT ON FUNCTION undercurrent.parse_json IS
  'The document as jsonb, null where jsonb cannot hold a part of it (see storable_json); NULL if it is no JSON or nested too deeply.';

CREATE FUNCTION undercurrent.json_string(object jsonb, key text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT CASE jsonb_typeof(object -> key) WHEN 'string' THEN object ->> key END
$function$;
COMMENT ON FUNCTION undercurrent.json_string IS
  'The object''s string of that key; NULL if there is none or if it is no string. Not STRICT, or it would not be inlined.';

--changeset undercurrent:homeserver-events splitStatements:false
--comment: How a homeserver reads its events
CREATE FUNCTION undercurrent.event_content(document text, internal_metadata text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT AS $function$
BEGIN
  -- only the content becomes jsonb, the rest is checked and dropped
  RETURN CASE
    WHEN internal_metadata::json IS NOT NULL THEN (document::json -> 'content')::jsonb
  END;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  RETURN CASE
    WHEN undercurrent.parse_json(internal_metadata) IS NOT NULL THEN undercurrent.parse_json(document) -> 'content'
  END;
END
$function$;
COMMENT ON FUNCTION undercurrent.event_content IS
  'The content of an event of event_json, as parse_json has it; NULL if its JSON or its metadata cannot be read.';

CREATE FUNCTION undercurrent.event_format(room_version text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT CASE
           WHEN room_version IN ('1', '2') THEN 1
           WHEN room_version = '3' THEN 2
           WHEN room_version IN (
             '4', '5', '6', '7', '8', '9', '10', '11',
             'org.matrix.msc1767.10', 'org.matrix.msc2176', 'org.matrix.msc2716v4',
             'org.matrix.msc3389.10', 'org.matrix.msc3757.10', 'org.matrix.msc3757.11', 'org.matrix.msc3787') THEN 3
           WHEN room_version IN ('12', 'org.matrix.hydra.11') THEN 4
         END
$function$;
COMMENT ON FUNCTION undercurrent.event_format IS
  'The event format of a room version, as in event_json.format_version; NULL if the version is unknown.';

CREATE FUNCTION undercurrent.user_domain(user_id text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT substr(user_id, nullif(strpos(user_id, ':'), 0) + 1)
$function$;
COMMENT ON FUNCTION undercurrent.user_domain IS
  'The server name in a user id: all after the first colon, a port included; NULL without a colon.';
