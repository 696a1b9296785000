-- Version 1, the rules of posting: those of judge.py, told once more where the rows lie, so that an
-- entry is one call and its sender needs no right to write. One suite of tests holds the two equal.
-- The name of each function ends in its version: later ones come beside it, not in its place.

-- An account as it stands, and what an entry moves on it.
CREATE TYPE msap_ledger.move AS (
    id text,
    account integer,
    asset text,
    weight bigint,
    floor bigint,
    ceiling bigint,
    closed boolean,
    posted bigint,
    outgoing bigint,
    incoming bigint,
    amount bigint,
    more_outgoing bigint,
    more_incoming bigint
);

-- Leaves by an exception, which takes back all that was written for the group.
CREATE FUNCTION msap_ledger.refuse_v1(code text, details jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'ML001', MESSAGE = code, DETAIL = details::text;
END $$;

CREATE FUNCTION msap_ledger.amount_v1(units numeric, asset text) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('units', units, 'asset', asset)
$$;

-- The last entry of a scheme; what stands before the first if there is none.
CREATE FUNCTION msap_ledger.last_v1(in_scheme integer) RETURNS msap_ledger.entry
LANGUAGE plpgsql AS $$
DECLARE
    first_id CONSTANT bigint := in_scheme::bigint << 40;
    last msap_ledger.entry;
BEGIN
    SELECT * INTO last FROM msap_ledger.entry e
    WHERE e.id > first_id AND e.id < first_id + (1::bigint << 40) ORDER BY e.id DESC LIMIT 1;
    IF NOT FOUND THEN
        last.id := first_id;
        last.scheme := in_scheme;
        last.seq := 0;
        last.recorded := 0;
        last.hash := decode(repeat('00', 32), 'hex');
    END IF;
    RETURN last;
END $$;

-- The hashed text of what was asked: every field preceded by its length, see canonical.py.
CREATE FUNCTION msap_ledger.payload_v1(asked msap_ledger.entry) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN format(
        '%s:%s%s:%s%s:%s%s;%s:%s%s:%s%s:%s%s:%s%s;%s:%s%s:%s%s:%s',
        length(asked.key), asked.key,
        length(asked.kind), asked.kind,
        length(asked.phase), asked.phase,
        asked.effective,
        length(asked.ref), asked.ref,
        length(asked.actor), asked.actor,
        length(asked.data), asked.data,
        coalesce(length(asked.target), 0), asked.target,
        asked.expires,
        length(asked.accounts), asked.accounts,
        length(asked.marks), asked.marks,
        length(asked.legs), asked.legs);
END $$;

-- An entry's link of the chain, see record_hash of canonical.py.
CREATE FUNCTION msap_ledger.hash_v1(
    previous bytea, named text, seq bigint, recorded bigint, payload text
) RETURNS bytea
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(convert_to(format(
        '1:%s%s:%s%s;%s;%s:%s',
        encode(previous, 'hex'), length(named), named, seq, recorded, length(payload), payload
    ), 'UTF8'));
END $$;

-- The lines "account tab amount" of an entry in the order of the accounts, as they are hashed.
CREATE FUNCTION msap_ledger.sorted_v1(lines text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF cardinality(lines) = 2 THEN  -- the commonest, without a query
        RETURN least(lines[1] COLLATE "C", lines[2]) || E'\n'
            || greatest(lines[1] COLLATE "C", lines[2]);
    END IF;
    RETURN coalesce((
        SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C") FROM unnest(lines) line), '');
END $$;

-- The accounts of an entry's legs as they stand, in the order of the lines "account tab amount".
CREATE FUNCTION msap_ledger.moves_v1(in_scheme integer, lines text[]) RETURNS msap_ledger.move[]
LANGUAGE plpgsql AS $$
DECLARE
    moves msap_ledger.move[];
    move msap_ledger.move;
BEGIN
    SELECT array_agg(
        ROW(leg.id, a.account, a.asset, a.weight, t.floor, t.ceiling, t.closed,
            coalesce(b.posted, 0), coalesce(b.outgoing, 0), coalesce(b.incoming, 0),
            leg.amount, 0, 0)::msap_ledger.move ORDER BY leg.place)
    INTO moves
    FROM (
        SELECT place, split_part(line, E'\t', 1) AS id, split_part(line, E'\t', 2)::bigint AS amount
        FROM unnest(lines) WITH ORDINALITY AS of_lines (line, place)
    ) leg
    LEFT JOIN LATERAL (
        SELECT account, asset, weight FROM msap_ledger.account
        WHERE scheme = in_scheme AND id = leg.id LIMIT 1  -- so that each is looked up by key
    ) a ON true
    LEFT JOIN LATERAL (
        SELECT floor, ceiling, closed FROM msap_ledger.terms
        WHERE scheme = in_scheme AND account = a.account ORDER BY seq DESC LIMIT 1
    ) t ON true
    LEFT JOIN LATERAL (
        SELECT posted, outgoing, incoming FROM msap_ledger.leg
        WHERE scheme = in_scheme AND account = a.account ORDER BY seq DESC LIMIT 1
    ) b ON true;
    FOREACH move IN ARRAY coalesce(moves, '{}') LOOP
        IF move.account IS NULL THEN
            PERFORM msap_ledger.refuse_v1(
                'unknown_account', jsonb_build_object('account', move.id));
        END IF;
    END LOOP;
    RETURN moves;
END $$;

-- Each asset sums to zero, and so do the weighted legs: the fund covers what it backs.
CREATE FUNCTION msap_ledger.check_sums_v1(moves msap_ledger.move[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    off_asset text;
    off numeric;
BEGIN
    SELECT m.asset, sum(m.amount) INTO off_asset, off
    FROM unnest(moves) WITH ORDINALITY m
    GROUP BY m.asset HAVING sum(m.amount) <> 0 ORDER BY min(m.ordinality) LIMIT 1;
    IF FOUND THEN
        PERFORM msap_ledger.refuse_v1('unbalanced', jsonb_build_object(
            'asset', off_asset, 'off', msap_ledger.amount_v1(off, off_asset)));
    END IF;
    SELECT sum(m.weight::numeric * m.amount) INTO off FROM unnest(moves) m;
    IF off <> 0 THEN
        PERFORM msap_ledger.refuse_v1('cover_broken', jsonb_build_object('off', off));
    END IF;
END $$;

-- Opens an account, or gives an open one new limits; `line` as terms_text of canonical.py writes it.
CREATE FUNCTION msap_ledger.declare_v1(
    in_scheme integer, at_seq bigint, line text, facts jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    part text[] := string_to_array(line, E'\t');
    new_floor bigint := nullif(part[4], '')::bigint;
    new_ceiling bigint := nullif(part[5], '')::bigint;
    new_closed boolean := part[7] <> '';
    old msap_ledger.account;
    was msap_ledger.move;
BEGIN
    IF NOT coalesce(facts ? ('decimals/' || part[2]), false) THEN
        PERFORM msap_ledger.refuse_v1('unknown_asset', jsonb_build_object('asset', part[2]));
    END IF;
    SELECT * INTO old FROM msap_ledger.account a WHERE a.scheme = in_scheme AND a.id = part[1];
    IF NOT FOUND THEN
        INSERT INTO msap_ledger.account
        SELECT in_scheme, coalesce(max(account), 0) + 1, part[1], part[2], part[3], part[6]::bigint
        FROM msap_ledger.account WHERE scheme = in_scheme
        RETURNING * INTO old;
        was.posted := 0;
        was.outgoing := 0;
        was.incoming := 0;
    ELSE
        was := (msap_ledger.moves_v1(in_scheme, ARRAY[part[1] || E'\t0']))[1];
        IF (old.asset, old.holder, old.weight) <> (part[2], part[3], part[6]::bigint) THEN
            PERFORM msap_ledger.refuse_v1('account_differs', jsonb_build_object('account', old.id));
        END IF;
        IF was.floor IS NOT DISTINCT FROM new_floor
           AND was.ceiling IS NOT DISTINCT FROM new_ceiling
           AND was.closed = new_closed
        THEN
            RETURN;
        END IF;
        IF new_closed AND (was.posted, was.outgoing, was.incoming) <> (0, 0, 0) THEN
            PERFORM msap_ledger.refuse_v1('account_not_empty', jsonb_build_object(
                'account', old.id, 'posted', msap_ledger.amount_v1(was.posted, old.asset)));
        END IF;
    END IF;
    IF was.posted - was.outgoing < new_floor OR was.posted + was.incoming > new_ceiling THEN
        PERFORM msap_ledger.refuse_v1('limit_unmet', jsonb_build_object(
            'account', old.id, 'posted', msap_ledger.amount_v1(was.posted, old.asset)));
    END IF;
    INSERT INTO msap_ledger.terms
    VALUES (in_scheme, old.account, at_seq, new_floor, new_ceiling, new_closed);
END $$;

-- The hold or the entry that this one ends or undoes, still open to it.
CREATE FUNCTION msap_ledger.target_v1(asked msap_ledger.entry) RETURNS msap_ledger.entry
LANGUAGE plpgsql AS $$
DECLARE
    found_entry msap_ledger.entry;
    closed_by text;
BEGIN
    SELECT * INTO found_entry FROM msap_ledger.entry e
    WHERE e.scheme = asked.scheme AND e.key = asked.target;
    IF NOT FOUND THEN
        PERFORM msap_ledger.refuse_v1(
            'unknown_target', jsonb_build_object('target', asked.target));
    END IF;
    IF asked.phase = 'reverse' AND found_entry.phase NOT IN ('post', 'capture')
       OR asked.phase <> 'reverse' AND found_entry.phase <> 'reserve'
    THEN
        PERFORM msap_ledger.refuse_v1('no_' || asked.phase, jsonb_build_object(
            'target', asked.target, 'phase', found_entry.phase));
    END IF;
    SELECT e.key INTO closed_by FROM msap_ledger.entry e
    WHERE e.scheme = asked.scheme AND e.target = asked.target;
    IF FOUND THEN
        PERFORM msap_ledger.refuse_v1('already_closed', jsonb_build_object(
            'target', asked.target, 'closer', closed_by));
    END IF;
    RETURN found_entry;
END $$;

-- What the end of a hold moves: each account held lets go, and moves what the entry says.
CREATE FUNCTION msap_ledger.release_v1(
    asked msap_ledger.entry, hold msap_ledger.entry, moves msap_ledger.move[]
) RETURNS msap_ledger.move[]
LANGUAGE plpgsql AS $$
DECLARE
    held msap_ledger.move[]
        := msap_ledger.moves_v1(asked.scheme, string_to_array(hold.legs, E'\n'));
    move msap_ledger.move;
    released msap_ledger.move[] := '{}';
    taken bigint;
    kept bigint;
BEGIN
    FOREACH move IN ARRAY coalesce(moves, '{}') LOOP
        SELECT h.amount INTO kept FROM unnest(held) h WHERE h.id = move.id;
        IF kept IS NULL OR sign(move.amount) <> sign(kept) OR abs(move.amount) > abs(kept) THEN
            PERFORM msap_ledger.refuse_v1('beyond_hold', jsonb_build_object(
                'account', move.id, 'target', asked.target));
        END IF;
    END LOOP;
    FOREACH move IN ARRAY held LOOP
        SELECT m.amount INTO taken FROM unnest(moves) m WHERE m.id = move.id;
        move.more_outgoing := -greatest(-move.amount, 0);
        move.more_incoming := -greatest(move.amount, 0);
        move.amount := coalesce(taken, 0);
        released := released || move;
    END LOOP;
    RETURN released;
END $$;

-- What an entry moves on each account, by its phase.
CREATE FUNCTION msap_ledger.in_phase_v1(asked msap_ledger.entry, moves msap_ledger.move[])
RETURNS msap_ledger.move[]
LANGUAGE plpgsql AS $$
DECLARE
    target msap_ledger.entry;
    move msap_ledger.move;
    changed msap_ledger.move[] := '{}';
BEGIN
    IF asked.phase = 'reserve' THEN
        IF asked.expires <= asked.recorded THEN
            PERFORM msap_ledger.refuse_v1('expires_in_past', jsonb_build_object(
                'expires', asked.expires, 'recorded', asked.recorded));
        END IF;
        FOREACH move IN ARRAY moves LOOP
            move.more_outgoing := greatest(-move.amount, 0);
            move.more_incoming := greatest(move.amount, 0);
            move.amount := 0;
            changed := changed || move;
        END LOOP;
        RETURN changed;
    END IF;
    target := msap_ledger.target_v1(asked);
    IF asked.phase = 'expire' AND coalesce(target.expires > asked.recorded, true) THEN
        PERFORM msap_ledger.refuse_v1('not_over', jsonb_build_object(
            'target', asked.target, 'recorded', asked.recorded));
    END IF;
    IF asked.phase <> 'reverse' THEN
        RETURN msap_ledger.release_v1(asked, target, moves);
    END IF;
    IF asked.legs <> (
        SELECT string_agg(
            split_part(line, E'\t', 1) || E'\t' || -split_part(line, E'\t', 2)::bigint, E'\n'
            ORDER BY line COLLATE "C")
        FROM unnest(string_to_array(target.legs, E'\n')) line)
    THEN
        PERFORM msap_ledger.refuse_v1(
            'not_the_opposite', jsonb_build_object('target', asked.target));
    END IF;
    RETURN moves;
END $$;

-- Whether a move stays within the limits of its account.
CREATE FUNCTION msap_ledger.check_move_v1(
    move msap_ledger.move, posted bigint, outgoing bigint, incoming bigint
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    most CONSTANT bigint := 9007199254740991;
    asset CONSTANT text := move.asset;
BEGIN
    IF move.closed THEN
        PERFORM msap_ledger.refuse_v1('closed_account', jsonb_build_object('account', move.id));
    END IF;
    IF posted - outgoing < move.floor THEN
        PERFORM msap_ledger.refuse_v1('below_floor', jsonb_build_object(
            'account', move.id,
            'available', msap_ledger.amount_v1(move.posted - move.outgoing, asset),
            'needed', msap_ledger.amount_v1(move.more_outgoing - move.amount, asset),
            'floor', msap_ledger.amount_v1(move.floor, asset)));
    END IF;
    IF posted + incoming > move.ceiling THEN
        PERFORM msap_ledger.refuse_v1('above_ceiling', jsonb_build_object(
            'account', move.id,
            'posted', msap_ledger.amount_v1(move.posted + move.incoming, asset),
            'added', msap_ledger.amount_v1(move.amount + move.more_incoming, asset),
            'ceiling', msap_ledger.amount_v1(move.ceiling, asset)));
    END IF;
    IF abs(posted) > most OR outgoing > most OR incoming > most THEN
        PERFORM msap_ledger.refuse_v1('too_large', jsonb_build_object(
            'account', move.id, 'most', most));
    END IF;
END $$;

-- Moves the accounts within their limits; the new posted balance of each, in order.
CREATE FUNCTION msap_ledger.move_v1(asked msap_ledger.entry, moves msap_ledger.move[])
RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    move msap_ledger.move;
    legs msap_ledger.leg[] := '{}';
    leg msap_ledger.leg;
    balances text := '';
BEGIN
    leg.scheme := asked.scheme;
    leg.seq := asked.seq;
    FOREACH move IN ARRAY coalesce(moves, '{}') LOOP
        leg.account := move.account;
        leg.amount := move.amount;
        leg.posted := move.posted + move.amount;
        leg.outgoing := move.outgoing + move.more_outgoing;
        leg.incoming := move.incoming + move.more_incoming;
        PERFORM msap_ledger.check_move_v1(move, leg.posted, leg.outgoing, leg.incoming);
        legs := legs || leg;
        balances := balances || ',' || to_json(move.id) || ':' || leg.posted;
    END LOOP;
    INSERT INTO msap_ledger.leg SELECT * FROM unnest(legs);
    RETURN '{' || substr(balances, 2) || '}';
END $$;

-- A numbered coupon goes from one state to the next, from the right one only.
CREATE FUNCTION msap_ledger.mark_v1(in_scheme integer, at_seq bigint, line text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    part text[] := string_to_array(line, E'\t');
    old text;
BEGIN
    SELECT c.state INTO old FROM msap_ledger.coupon c
    WHERE c.scheme = in_scheme AND c.serial = part[1] ORDER BY c.seq DESC LIMIT 1;
    IF coalesce(old, '') <> part[2] THEN
        PERFORM msap_ledger.refuse_v1('coupon_state', jsonb_build_object(
            'serial', part[1], 'state', coalesce(old, ''), 'wanted', part[2], 'after', part[3]));
    END IF;
    INSERT INTO msap_ledger.coupon VALUES (in_scheme, part[1], at_seq, part[3]);
END $$;

CREATE FUNCTION msap_ledger.posted_v1(written msap_ledger.entry, balances json, replayed boolean)
RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT json_build_object(
        'key', written.key, 'seq', written.seq, 'recorded', written.recorded,
        'hash', encode(written.hash, 'hex'), 'balances', balances, 'replayed', replayed)
$$;

-- The first answer to the same entry; a refusal if its key was used for another.
CREATE FUNCTION msap_ledger.replay_v1(written msap_ledger.entry, asked msap_ledger.entry)
RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    ours text := msap_ledger.payload_v1(asked);
    theirs text := msap_ledger.payload_v1(written);
    touched text := written.legs;
    balances json;
BEGIN
    IF ours <> theirs THEN
        PERFORM msap_ledger.refuse_v1('key_reused', jsonb_build_object(
            'first', theirs, 'second', ours,
            'first_hash', encode(sha256(convert_to(theirs, 'UTF8')), 'hex'),
            'second_hash', encode(sha256(convert_to(ours, 'UTF8')), 'hex')));
    END IF;
    IF written.phase IN ('capture', 'void', 'expire') THEN
        SELECT e.legs INTO touched FROM msap_ledger.entry e
        WHERE e.scheme = written.scheme AND e.key = written.target;
    END IF;
    SELECT json_object_agg(a.id, l.posted ORDER BY place) INTO balances
    FROM unnest(string_to_array(touched, E'\n')) WITH ORDINALITY AS lines (line, place)
    JOIN msap_ledger.account a ON a.scheme = written.scheme AND a.id = split_part(line, E'\t', 1)
    JOIN msap_ledger.leg l
    ON l.scheme = written.scheme AND l.account = a.account AND l.seq = written.seq;
    RETURN msap_ledger.posted_v1(written, coalesce(balances, '{}'), true);
END $$;

-- Writes one entry; leaves by `refuse_v1` if a rule stands in the way.
CREATE FUNCTION msap_ledger.post_v1(in_scheme integer, named text, now bigint, asked msap_ledger.entry)
RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    lines text[] := string_to_array(asked.legs, E'\n');  -- in the order given
    written msap_ledger.entry;
    last msap_ledger.entry;
    moves msap_ledger.move[];
    balances json;
    line text;
    facts jsonb;
BEGIN
    asked.scheme := in_scheme;
    asked.legs := msap_ledger.sorted_v1(lines);
    SELECT * INTO written FROM msap_ledger.entry e WHERE e.scheme = in_scheme AND e.key = asked.key;
    IF FOUND THEN
        RETURN msap_ledger.replay_v1(written, asked);
    END IF;

    last := msap_ledger.last_v1(in_scheme);
    asked.seq := last.seq + 1;
    asked.id := (in_scheme::bigint << 40) + asked.seq;
    asked.recorded := now;
    IF asked.effective > asked.recorded THEN
        PERFORM msap_ledger.refuse_v1('effective_in_future', jsonb_build_object(
            'effective', asked.effective, 'recorded', asked.recorded));
    END IF;

    IF asked.accounts <> '' THEN
        SELECT e.data INTO line FROM msap_ledger.entry e WHERE e.id = (in_scheme::bigint << 40) + 1;
        facts := nullif(coalesce(line, asked.data), '')::jsonb;
        FOREACH line IN ARRAY string_to_array(asked.accounts, E'\n') LOOP
            PERFORM msap_ledger.declare_v1(in_scheme, asked.seq, line, facts);
        END LOOP;
    END IF;
    moves := msap_ledger.moves_v1(in_scheme, lines);
    PERFORM msap_ledger.check_sums_v1(moves);
    IF asked.phase <> 'post' THEN
        moves := msap_ledger.in_phase_v1(asked, moves);
    END IF;
    balances := msap_ledger.move_v1(asked, moves);
    FOREACH line IN ARRAY string_to_array(asked.marks, E'\n') LOOP
        PERFORM msap_ledger.mark_v1(in_scheme, asked.seq, line);
    END LOOP;

    asked.hash := msap_ledger.hash_v1(
        last.hash, named, asked.seq, now, msap_ledger.payload_v1(asked));
    INSERT INTO msap_ledger.entry SELECT asked.*;
    RETURN msap_ledger.posted_v1(asked, balances, false);
END $$;

-- Writes groups of entries, each whole or not at all, by the rules in full.
CREATE FUNCTION msap_ledger.judge_v1(in_scheme integer, named text, now bigint, groups jsonb)
RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    together jsonb;
    one jsonb;
    asked msap_ledger.entry;
    posted json[];
    answers json[] := '{}';
    code text;
    details text;
BEGIN
    FOR together IN SELECT jsonb_array_elements(groups) LOOP
        posted := '{}';
        BEGIN
            FOR one IN SELECT jsonb_array_elements(together) LOOP
                asked := jsonb_populate_record(NULL::msap_ledger.entry, one);
                posted := posted || msap_ledger.post_v1(in_scheme, named, now, asked);
            END LOOP;
            answers := answers || json_build_object('posted', posted);
        EXCEPTION WHEN SQLSTATE 'ML001' THEN
            GET STACKED DIAGNOSTICS code = MESSAGE_TEXT, details = PG_EXCEPTION_DETAIL;
            answers := answers || json_build_object(
                'code', code, 'key', asked.key, 'values', details::json);
        END;
    END LOOP;
    RETURN array_to_json(answers);
END $$;

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
