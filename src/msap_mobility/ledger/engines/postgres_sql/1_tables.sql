-- Version 1, the tables. Rows are only added: triggers refuse to change, delete or truncate them.
-- A scheme's number is in every key, so nothing of one can reach into another. The running balances
-- stand in the leg that made them: the present one is an account's last leg, a past one the last
-- before. The id of an entry joins scheme and number in one integer.

CREATE SCHEMA IF NOT EXISTS msap_ledger;

CREATE TABLE msap_ledger.version (
    version integer PRIMARY KEY,
    readable_from integer NOT NULL
);

CREATE TABLE msap_ledger.scheme (
    scheme integer PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE msap_ledger.account (
    scheme integer NOT NULL REFERENCES msap_ledger.scheme,
    account integer NOT NULL,
    id text COLLATE "C" NOT NULL,
    asset text COLLATE "C" NOT NULL,
    holder text COLLATE "C" NOT NULL CHECK (holder IN ('system', 'person', 'shop')),
    weight bigint NOT NULL,
    PRIMARY KEY (scheme, account),
    UNIQUE (scheme, id)
);

CREATE TABLE msap_ledger.entry (
    id bigint PRIMARY KEY CHECK (id = (scheme::bigint << 40) + seq),
    scheme integer NOT NULL REFERENCES msap_ledger.scheme,
    seq bigint NOT NULL CHECK (seq > 0),
    key text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    phase text COLLATE "C" NOT NULL,
    effective bigint CHECK (effective <= recorded),
    recorded bigint NOT NULL,
    ref text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    data text COLLATE "C" NOT NULL,
    target text COLLATE "C",
    expires bigint,
    accounts text COLLATE "C" NOT NULL,
    marks text COLLATE "C" NOT NULL,
    legs text COLLATE "C" NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32)
);

CREATE UNIQUE INDEX entry_key ON msap_ledger.entry (scheme, key);

CREATE UNIQUE INDEX entry_target ON msap_ledger.entry (scheme, target) WHERE target IS NOT NULL;

CREATE INDEX entry_expires ON msap_ledger.entry (scheme, expires) WHERE expires IS NOT NULL;

CREATE INDEX entry_effective ON msap_ledger.entry (scheme, effective) WHERE effective IS NOT NULL;

CREATE TABLE msap_ledger.terms (
    scheme integer NOT NULL,
    account integer NOT NULL,
    seq bigint NOT NULL,
    floor bigint,
    ceiling bigint,
    closed boolean NOT NULL,
    PRIMARY KEY (scheme, account, seq),
    FOREIGN KEY (scheme, account) REFERENCES msap_ledger.account (scheme, account)
);

CREATE TABLE msap_ledger.leg (
    scheme integer NOT NULL,
    account integer NOT NULL,
    seq bigint NOT NULL,
    amount bigint NOT NULL,
    posted bigint NOT NULL CHECK (abs(posted) <= 9007199254740991),
    outgoing bigint NOT NULL CHECK (outgoing BETWEEN 0 AND 9007199254740991),
    incoming bigint NOT NULL CHECK (incoming BETWEEN 0 AND 9007199254740991),
    PRIMARY KEY (scheme, account, seq)  -- its account is looked for by check_limits
);

CREATE TABLE msap_ledger.coupon (
    scheme integer NOT NULL REFERENCES msap_ledger.scheme,
    serial text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    PRIMARY KEY (scheme, serial, seq)
);

-- The only personal data, and the only rows that may change.
CREATE TABLE msap_ledger.member (
    scheme integer NOT NULL REFERENCES msap_ledger.scheme,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    contact text NOT NULL,
    PRIMARY KEY (scheme, id)
);

-- Finds the terms of the account, which have a foreign key and never go; so a leg needs none, and an
-- entry locks no rows but its own.
CREATE FUNCTION msap_ledger.check_limits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM (
        SELECT floor, ceiling, closed FROM msap_ledger.terms
        WHERE scheme = NEW.scheme AND account = NEW.account AND seq <= NEW.seq
        ORDER BY seq DESC LIMIT 1
    ) t
    WHERE NOT closed
      AND (floor IS NULL OR NEW.posted - NEW.outgoing >= floor)
      AND (ceiling IS NULL OR NEW.posted + NEW.incoming <= ceiling);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'limit' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER leg_limits BEFORE INSERT ON msap_ledger.leg
FOR EACH ROW EXECUTE FUNCTION msap_ledger.check_limits();

CREATE FUNCTION msap_ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append only' USING ERRCODE = 'restrict_violation';
END $$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['version', 'scheme', 'account', 'terms', 'entry', 'leg', 'coupon']
    LOOP
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON msap_ledger.%I
             FOR EACH STATEMENT EXECUTE FUNCTION msap_ledger.refuse_change()', name);
        EXECUTE format('ALTER TABLE msap_ledger.%I ENABLE ALWAYS TRIGGER append_only', name);
    END LOOP;
END $$;
