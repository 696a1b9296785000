-- Version 1, the rules of posting: those of judge.py, told once more where the rows lie, so that an
-- entry is one call and its sender needs no right to write. One suite of tests holds the two equal.

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
