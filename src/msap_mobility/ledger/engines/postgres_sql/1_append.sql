-- Version 1, what a program may call: append_v1, begin_v1, note_member_v1.

-- Writes groups of entries trusting that none will be refused: only balances are looked up, and what
-- the tables themselves do not take (a key used before, a limit passed, an unknown account) ends it.
-- Null, and nothing written, if anything stands in the way; `judge_v1` then says what.
CREATE FUNCTION msap_ledger.trust_v1(
    in_scheme integer, named text, now bigint, groups jsonb,
    last_id bigint, last_seq bigint, last_hash bytea
) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    asked jsonb;
    entry msap_ledger.entry;
    lines text[];
    move record;
    written json[];
    answers json[] := '{}';
BEGIN
    FOR i IN 0 .. jsonb_array_length(groups) - 1 LOOP
        asked := groups -> i;
        written := '{}';
        FOR j IN 0 .. jsonb_array_length(asked) - 1 LOOP
            entry := jsonb_populate_record(NULL::msap_ledger.entry, asked -> j);
            IF entry.phase <> 'post' OR entry.legs = '' OR entry.accounts || entry.marks <> '' THEN
                written := written || msap_ledger.post_v1(in_scheme, named, now, entry);
                SELECT l.id, l.seq, l.hash INTO last_id, last_seq, last_hash
                FROM msap_ledger.last_v1(in_scheme) l;
                CONTINUE;
            END IF;
            last_id := last_id + 1;
            last_seq := last_seq + 1;
            entry.id := last_id;
            entry.scheme := in_scheme;
            entry.seq := last_seq;
            entry.recorded := now;

            lines := string_to_array(entry.legs, E'\n');
            SELECT sum(a.weight::numeric * l.amount) AS cover,
                   sum(l.amount) AS total,
                   array_agg(a.account) AS accounts,
                   array_agg(a.asset) AS assets,
                   array_agg(l.amount) AS amounts,
                   array_agg(coalesce(b.posted, 0) + l.amount) AS posted,
                   array_agg(coalesce(b.outgoing, 0)) AS outgoing,
                   array_agg(coalesce(b.incoming, 0)) AS incoming,
                   json_object_agg(l.id, coalesce(b.posted, 0) + l.amount) AS balances
            INTO move
            FROM (
                SELECT split_part(line, E'\t', 1) AS id, split_part(line, E'\t', 2)::bigint AS amount
                FROM unnest(lines) AS t (line)
            ) l
            LEFT JOIN LATERAL (
                SELECT account, asset, weight FROM msap_ledger.account
                WHERE scheme = in_scheme AND id = l.id LIMIT 1  -- each is looked up by key
            ) a ON true
            LEFT JOIN LATERAL (
                SELECT posted, outgoing, incoming FROM msap_ledger.leg
                WHERE scheme = in_scheme AND account = a.account ORDER BY seq DESC LIMIT 1
            ) b ON true;
            IF move.total <> 0 OR move.cover <> 0 THEN
                PERFORM msap_ledger.refuse_v1('sums', '{}');
            END IF;
            IF move.assets[1] <> ANY (move.assets) THEN
                IF EXISTS (
                    SELECT 1 FROM unnest(move.assets, move.amounts) AS t (asset, amount)
                    GROUP BY asset HAVING sum(amount) <> 0)
                THEN
                    PERFORM msap_ledger.refuse_v1('sums', '{}');
                END IF;
            END IF;
            INSERT INTO msap_ledger.leg
            SELECT in_scheme, account, last_seq, amount, posted, outgoing, incoming
            FROM unnest(move.accounts, move.amounts, move.posted, move.outgoing, move.incoming)
                AS t (account, amount, posted, outgoing, incoming);

            entry.legs := msap_ledger.sorted_v1(lines);
            last_hash := msap_ledger.hash_v1(
                last_hash, named, last_seq, now, msap_ledger.payload_v1(entry));
            entry.hash := last_hash;
            INSERT INTO msap_ledger.entry SELECT entry.*;
            written := written || msap_ledger.posted_v1(entry, move.balances, false);
        END LOOP;
        answers := answers || json_build_object('posted', written);
    END LOOP;
    RETURN array_to_json(answers);
EXCEPTION WHEN SQLSTATE 'ML001' OR integrity_constraint_violation THEN
    RETURN NULL;
END $$;

-- Lets go every hold whose time is over.
CREATE FUNCTION msap_ledger.expire_v1(in_scheme integer, named text, now bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    since CONSTANT bigint := (msap_ledger.last_v1(in_scheme)).recorded;
    due msap_ledger.entry;
    ending msap_ledger.entry;
BEGIN
    FOR due IN
        SELECT * FROM msap_ledger.entry e
        WHERE e.scheme = in_scheme AND e.expires > since AND e.expires <= now AND NOT EXISTS (
            SELECT 1 FROM msap_ledger.entry c WHERE c.scheme = e.scheme AND c.target = e.key)
        ORDER BY e.expires, e.seq
    LOOP
        ending := jsonb_populate_record(NULL::msap_ledger.entry, jsonb_build_object(
            'key', due.key || '/expired', 'kind', 'expiry', 'phase', 'expire', 'target', due.key,
            'ref', '', 'actor', '', 'data', '', 'accounts', '', 'marks', '', 'legs', ''));
        PERFORM msap_ledger.post_v1(in_scheme, named, now, ending);
    END LOOP;
END $$;

-- Whoever writes in a scheme first takes its lock, and keeps it to the end of the transaction.
CREATE FUNCTION msap_ledger.lock_v1(in_scheme integer) RETURNS void
LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('msap_ledger', in_scheme))
$$;

-- Appends groups of entries to a scheme: a JSON array of arrays of entries, the fields as the columns
-- of the table. `now` is the clock, microseconds since 1970 UTC. Answers each group in order:
-- {"posted": [...]}, or {"code", "key", "values"} of its refusal.
CREATE FUNCTION msap_ledger.append_v1(in_scheme integer, now bigint, groups jsonb) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off  -- every look-up is by key, whatever the statistics say
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    first_id CONSTANT bigint := in_scheme::bigint << 40;
    last record;
    answers json;
BEGIN
    PERFORM msap_ledger.lock_v1(in_scheme);
    SELECT s.name AS named, e.id, e.seq, e.recorded, e.hash, EXISTS (
        SELECT 1 FROM msap_ledger.entry h
        WHERE h.scheme = in_scheme AND h.expires > e.recorded AND h.expires <= now) AS any_due
    INTO STRICT last
    FROM msap_ledger.scheme s
    JOIN msap_ledger.entry e ON e.id > first_id AND e.id < first_id + (1::bigint << 40)
    WHERE s.scheme = in_scheme
    ORDER BY e.id DESC LIMIT 1;
    now := greatest(now, last.recorded);  -- if the clock went back
    IF last.any_due THEN
        PERFORM msap_ledger.expire_v1(in_scheme, last.named, now);
    ELSE
        answers := msap_ledger.trust_v1(
            in_scheme, last.named, now, groups, last.id, last.seq, last.hash);
    END IF;
    RETURN coalesce(answers, msap_ledger.judge_v1(in_scheme, last.named, now, groups));
END $$;

-- Begins a scheme with its first entry; null if the name is taken. Answers as `append_v1`.
CREATE FUNCTION msap_ledger.begin_v1(named text, now bigint, groups jsonb) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    number integer;
    answer json;
BEGIN
    PERFORM msap_ledger.lock_v1(0);  -- numbers are given one at a time
    IF EXISTS (SELECT 1 FROM msap_ledger.scheme s WHERE s.name = named) THEN
        RETURN NULL;
    END IF;
    INSERT INTO msap_ledger.scheme
    SELECT coalesce(max(scheme), 0) + 1, named FROM msap_ledger.scheme
    RETURNING scheme INTO number;
    answer := msap_ledger.judge_v1(number, named, greatest(now, 0), groups);
    IF answer -> 0 -> 'posted' IS NULL THEN
        PERFORM msap_ledger.refuse_v1('first_entry', '{}');  -- takes the scheme back, too
    END IF;
    RETURN answer;
EXCEPTION WHEN SQLSTATE 'ML001' THEN
    RETURN answer;
END $$;

-- Notes who a member is, or blanks it: the only rows that are ever overwritten.
CREATE FUNCTION msap_ledger.note_member_v1(
    in_scheme integer, member text, member_name text, member_contact text
) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO msap_ledger.member VALUES (in_scheme, member, member_name, member_contact)
    ON CONFLICT (scheme, id) DO UPDATE SET name = excluded.name, contact = excluded.contact
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA msap_ledger FROM PUBLIC;

INSERT INTO msap_ledger.version VALUES (1, 1);
