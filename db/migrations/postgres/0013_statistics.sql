-- The server samples the values of each column for its planner, and keeps some of them for as long as nobody analyses
-- the table anew: what was erased would stay there. Of what is personal it samples nothing. A column that is given its
-- own type again loses what was sampled of it.

DO $$
DECLARE
    personal RECORD;
BEGIN
    FOR personal IN
        SELECT attrelid, attname, format_type(atttypid, atttypmod) AS type
        FROM pg_attribute
        WHERE attnum > 0 AND NOT attisdropped AND atttypid IN ('text'::regtype, 'bytea'::regtype)
        AND attrelid IN (
            'turn'::regclass, 'session'::regclass, 'outbox'::regclass, 'call_back'::regclass, 'letter'::regclass,
            'ring'::regclass, 'opt_in'::regclass, 'opt_out'::regclass, 'sender_key'::regclass, 'budget'::regclass,
            'mediator'::regclass, 'invitation'::regclass, 'desk_session'::regclass, 'history'::regclass,
            'visit'::regclass, 'need'::regclass, 'attempt'::regclass, 'audit'::regclass,
            'operator_request'::regclass, 'typed_form'::regclass, 'taken_form'::regclass, 'ticket'::regclass,
            'print_job'::regclass, 'record'::regclass, 'source_record'::regclass, 'brief'::regclass
        )
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s', personal.attrelid::regclass, personal.attname, personal.type);
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 0', personal.attrelid::regclass, personal.attname);
    END LOOP;
END
$$;
