-- Version 1, what the rules of posting work with: an account as it stands, an entry's text and hash.
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
