"""The ground: every table of the first version, spelled out for both engines."""

from typing import Any

from peewee import SqliteDatabase

SQLITE = (
    """CREATE TABLE "accounts" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "phone" TEXT,
    "language" TEXT NOT NULL,
    "password_hash" TEXT,
    "email_confirmed_at" INTEGER,
    "locked_at" INTEGER,
    "made_at" INTEGER NOT NULL,
    "ended_at" INTEGER,
    "version" INTEGER NOT NULL
)""",
    'CREATE UNIQUE INDEX "accounts_email" ON "accounts" ("email")',
    """CREATE TABLE "account_roles" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "account_id" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    CHECK (role IN ('technician', 'dispatcher', 'owner'))
)""",
    'CREATE INDEX "account_roles_account_id" ON "account_roles" ("account_id")',
    'CREATE UNIQUE INDEX "account_roles_account_id_role" ON "account_roles" ("account_id", "role")',
    """CREATE TABLE "customers" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "search_text" TEXT NOT NULL,
    "made_at" INTEGER NOT NULL,
    "ended_at" INTEGER,
    "version" INTEGER NOT NULL
)""",
    """CREATE TABLE "sites" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "search_text" TEXT NOT NULL,
    "lat" REAL,
    "lon" REAL,
    "access_notes" TEXT,
    "ended_at" INTEGER,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "sites_customer_id" ON "sites" ("customer_id")',
    """CREATE TABLE "products" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "ended_at" INTEGER,
    "version" INTEGER NOT NULL
)""",
    """CREATE TABLE "assets" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "site_id" INTEGER NOT NULL,
    "product_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "serial_number" TEXT,
    "installed_year" INTEGER,
    "ended_at" INTEGER,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("product_id") REFERENCES "products" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "assets_site_id" ON "assets" ("site_id")',
    'CREATE INDEX "assets_product_id" ON "assets" ("product_id")',
    """CREATE TABLE "contacts" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "account_id" INTEGER,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "phone" TEXT,
    "search_text" TEXT NOT NULL,
    "language" TEXT,
    "is_primary" INTEGER NOT NULL,
    "is_own_only" INTEGER NOT NULL,
    "ended_at" INTEGER,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "contacts_customer_id" ON "contacts" ("customer_id")',
    'CREATE INDEX "contacts_account_id" ON "contacts" ("account_id")',
    'CREATE INDEX "contacts_email" ON "contacts" ("email")',
    'CREATE UNIQUE INDEX "contacts_customer_id_account_id" ON "contacts" ("customer_id", "account_id")',
    """CREATE TABLE "service_types" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "duration_minutes" INTEGER NOT NULL,
    "set_up_minutes" INTEGER NOT NULL,
    "clean_up_minutes" INTEGER NOT NULL,
    "granularity_minutes" INTEGER NOT NULL,
    "least_notice_minutes" INTEGER NOT NULL,
    "greatest_notice_minutes" INTEGER,
    "least_days" INTEGER NOT NULL,
    "greatest_days" INTEGER,
    "is_on_portal" INTEGER NOT NULL,
    "ended_at" INTEGER,
    "version" INTEGER NOT NULL,
    CHECK (duration_minutes > 0 AND duration_minutes / 5 * 5 = duration_minutes),
    CHECK (granularity_minutes > 0 AND granularity_minutes / 5 * 5 = granularity_minutes),
    CHECK (set_up_minutes >= 0 AND clean_up_minutes >= 0)
)""",
    """CREATE TABLE "technicians" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "account_id" INTEGER,
    "name" TEXT NOT NULL,
    "phone" TEXT,
    "home_lat" REAL,
    "home_lon" REAL,
    "radius_km" REAL NOT NULL,
    "revision" INTEGER NOT NULL,
    "ended_at" INTEGER,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT
)""",
    'CREATE UNIQUE INDEX "technicians_account_id" ON "technicians" ("account_id")',
    """CREATE TABLE "statuses" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "name" TEXT,
    "color" TEXT,
    "is_default" INTEGER NOT NULL,
    "is_shown_to_customers" INTEGER NOT NULL,
    "ended_at" INTEGER,
    CHECK (state IN ('scheduled', 'traveling', 'in progress', 'on break', 'completed', 'canceled'))
)""",
    """CREATE TABLE "bookings" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "site_id" INTEGER NOT NULL,
    "asset_id" INTEGER,
    "service_type_id" INTEGER NOT NULL,
    "technician_id" INTEGER NOT NULL,
    "status_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "starts_at" INTEGER NOT NULL,
    "ends_at" INTEGER NOT NULL,
    "blocks_until" INTEGER NOT NULL,
    "set_up_minutes" INTEGER NOT NULL,
    "clean_up_minutes" INTEGER NOT NULL,
    "service_name" TEXT NOT NULL,
    "asset_name" TEXT,
    "comment" TEXT,
    "uid" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "told_starts_at" INTEGER,
    "travel_started_at" INTEGER,
    "work_started_at" INTEGER,
    "completed_at" INTEGER,
    "canceled_at" INTEGER,
    "cancel_reason" TEXT,
    "cancel_note" TEXT,
    "cancel_note_internal" TEXT,
    "made_at" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("contact_id") REFERENCES "contacts" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("asset_id") REFERENCES "assets" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("service_type_id") REFERENCES "service_types" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("technician_id") REFERENCES "technicians" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("status_id") REFERENCES "statuses" ("id") ON DELETE RESTRICT,
    CHECK (state IN ('scheduled', 'traveling', 'in progress', 'on break', 'completed', 'canceled')),
    CHECK (cancel_reason IN ('customer', 'business', 'nobody there', 'other')),
    CHECK (starts_at < ends_at AND starts_at < blocks_until AND blocks_until <= ends_at),
    CHECK (ends_at - starts_at <= 259200),
    CHECK (starts_at / 300 * 300 = starts_at AND ends_at / 300 * 300 = ends_at),
    CHECK (blocks_until / 300 * 300 = blocks_until),
    CHECK (set_up_minutes >= 0 AND clean_up_minutes >= 0)
)""",
    'CREATE INDEX "bookings_customer_id" ON "bookings" ("customer_id")',
    'CREATE INDEX "bookings_contact_id" ON "bookings" ("contact_id")',
    'CREATE INDEX "bookings_site_id" ON "bookings" ("site_id")',
    'CREATE INDEX "bookings_asset_id" ON "bookings" ("asset_id")',
    'CREATE INDEX "bookings_service_type_id" ON "bookings" ("service_type_id")',
    'CREATE INDEX "bookings_technician_id" ON "bookings" ("technician_id")',
    'CREATE INDEX "bookings_status_id" ON "bookings" ("status_id")',
    'CREATE INDEX "bookings_starts_at" ON "bookings" ("starts_at")',
    'CREATE UNIQUE INDEX "bookings_uid" ON "bookings" ("uid")',
    'CREATE INDEX "bookings_customer_id_starts_at" ON "bookings" ("customer_id", "starts_at")',
    """CREATE TABLE "throttle" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "left" REAL NOT NULL,
    "at" INTEGER NOT NULL
)""",
    'CREATE UNIQUE INDEX "throttle_key" ON "throttle" ("key")',
    'CREATE INDEX "throttle_at" ON "throttle" ("at")',
    """CREATE TABLE "changes" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "at" INTEGER NOT NULL,
    "account_id" INTEGER,
    "via" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "customer_id" INTEGER,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL
)""",
    'CREATE INDEX "changes_customer_id" ON "changes" ("customer_id")',
    'CREATE INDEX "changes_subject_type_subject_id_at" ON "changes" ("subject_type", "subject_id", "at")',
    """CREATE TABLE "closed_days" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "day" TEXT NOT NULL,
    "name" TEXT NOT NULL
)""",
    'CREATE UNIQUE INDEX "closed_days_day" ON "closed_days" ("day")',
    """CREATE TABLE "date_overrides" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "technician_id" INTEGER NOT NULL,
    "day" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    FOREIGN KEY ("technician_id") REFERENCES "technicians" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "date_overrides_technician_id" ON "date_overrides" ("technician_id")',
    'CREATE UNIQUE INDEX "date_overrides_technician_id_day" ON "date_overrides" ("technician_id", "day")',
    """CREATE TABLE "form_keys" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "digest" BLOB NOT NULL,
    "result_id" INTEGER NOT NULL,
    "at" INTEGER NOT NULL
)""",
    'CREATE INDEX "form_keys_at" ON "form_keys" ("at")',
    'CREATE UNIQUE INDEX "form_keys_actor_key" ON "form_keys" ("actor", "key")',
    """CREATE TABLE "invitations" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "contact_id" INTEGER NOT NULL,
    "code_hash" BLOB NOT NULL,
    "link_hash" BLOB NOT NULL,
    "made_by" INTEGER,
    "made_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "redeemed_at" INTEGER,
    "revoked_at" INTEGER,
    FOREIGN KEY ("contact_id") REFERENCES "contacts" ("id") ON DELETE RESTRICT,
    CHECK (redeemed_at IS NULL OR revoked_at IS NULL)
)""",
    'CREATE INDEX "invitations_contact_id" ON "invitations" ("contact_id")',
    'CREATE UNIQUE INDEX "invitations_code_hash" ON "invitations" ("code_hash")',
    'CREATE UNIQUE INDEX "invitations_link_hash" ON "invitations" ("link_hash")',
    'CREATE INDEX "invitations_expires_at" ON "invitations" ("expires_at")',
    """CREATE TABLE "jobs" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "due_at" INTEGER NOT NULL,
    "lease_until" INTEGER
)""",
    'CREATE UNIQUE INDEX "jobs_name" ON "jobs" ("name")',
    """CREATE TABLE "messages" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "wording" TEXT NOT NULL,
    "booking_id" INTEGER,
    "customer_id" INTEGER,
    "contact_id" INTEGER,
    "account_id" INTEGER,
    "subject_id" INTEGER,
    "channel" TEXT NOT NULL,
    "to_name" TEXT NOT NULL,
    "to_address" TEXT,
    "language" TEXT NOT NULL,
    "facts" TEXT NOT NULL,
    "sealed_facts" BLOB,
    "sequence" INTEGER NOT NULL,
    "message_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "due_at" INTEGER NOT NULL,
    "next_try_at" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL,
    "lease_until" INTEGER,
    "leased_by" TEXT,
    "useless_after" INTEGER,
    "created_at" INTEGER NOT NULL,
    "sent_at" INTEGER,
    "subject_sent" TEXT,
    "text_sent" TEXT,
    CONSTRAINT "messages_state" CHECK (state IN ('waiting', 'held', 'sent', 'failed', 'dropped', 'no_address')),
    CONSTRAINT "messages_sent_at" CHECK (state <> 'sent' OR sent_at IS NOT NULL),
    CONSTRAINT "messages_secrets_are_wiped" CHECK (state IN ('waiting', 'held') OR sealed_facts IS NULL),
    CONSTRAINT "messages_address" CHECK ((state = 'no_address') = (to_address IS NULL))
)""",
    'CREATE INDEX "messages_customer_id" ON "messages" ("customer_id")',
    'CREATE UNIQUE INDEX "messages_message_id" ON "messages" ("message_id")',
    'CREATE INDEX "messages_state_next_try_at" ON "messages" ("state", "next_try_at")',
    'CREATE INDEX "messages_booking_id_id" ON "messages" ("booking_id", "id")',
    'CREATE INDEX "messages_contact_id_wording_id" ON "messages" ("contact_id", "wording", "id")',
    'CREATE INDEX "messages_account_id_wording_id" ON "messages" ("account_id", "wording", "id")',
    'CREATE INDEX "messages_wording_subject_id" ON "messages" ("wording", "subject_id")',
    'CREATE INDEX "messages_created_at" ON "messages" ("created_at")',
    """CREATE TABLE "override_hours" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "date_override_id" INTEGER NOT NULL,
    "start_minute" INTEGER NOT NULL,
    "end_minute" INTEGER NOT NULL,
    "is_break" INTEGER NOT NULL,
    FOREIGN KEY ("date_override_id") REFERENCES "date_overrides" ("id") ON DELETE CASCADE,
    CHECK (start_minute >= 0 AND start_minute < end_minute AND end_minute <= 1440),
    CHECK (start_minute / 5 * 5 = start_minute AND end_minute / 5 * 5 = end_minute)
)""",
    'CREATE INDEX "override_hours_date_override_id" ON "override_hours" ("date_override_id")',
    """CREATE TABLE "pictures" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "content" BLOB NOT NULL,
    "media_type" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "made_at" INTEGER NOT NULL
)""",
    """CREATE TABLE "service_type_products" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "service_type_id" INTEGER NOT NULL,
    "product_id" INTEGER NOT NULL,
    FOREIGN KEY ("service_type_id") REFERENCES "service_types" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("product_id") REFERENCES "products" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "service_type_products_service_type_id" ON "service_type_products" ("service_type_id")',
    'CREATE INDEX "service_type_products_product_id" ON "service_type_products" ("product_id")',
    'CREATE UNIQUE INDEX "service_type_products_service_type_id_product_id" ON "service_type_products" ("service_type_id", "product_id")',
    """CREATE TABLE "sessions" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "account_id" INTEGER NOT NULL,
    "token_hash" BLOB NOT NULL,
    "browser" TEXT NOT NULL,
    "begun_at" INTEGER NOT NULL,
    "seen_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "ended_at" INTEGER,
    FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "sessions_account_id" ON "sessions" ("account_id")',
    'CREATE UNIQUE INDEX "sessions_token_hash" ON "sessions" ("token_hash")',
    'CREATE INDEX "sessions_expires_at" ON "sessions" ("expires_at")',
    """CREATE TABLE "settings" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL
)""",
    'CREATE UNIQUE INDEX "settings_key" ON "settings" ("key")',
    """CREATE TABLE "time_off" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "technician_id" INTEGER NOT NULL,
    "starts_at" INTEGER NOT NULL,
    "ends_at" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    FOREIGN KEY ("technician_id") REFERENCES "technicians" ("id") ON DELETE RESTRICT,
    CHECK (ends_at > starts_at)
)""",
    'CREATE INDEX "time_off_technician_id" ON "time_off" ("technician_id")',
    'CREATE INDEX "time_off_technician_id_ends_at" ON "time_off" ("technician_id", "ends_at")',
    """CREATE TABLE "tokens" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "purpose" TEXT NOT NULL,
    "hash" BLOB NOT NULL,
    "account_id" INTEGER,
    "made_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "used_at" INTEGER,
    "revoked_at" INTEGER
)""",
    'CREATE UNIQUE INDEX "tokens_hash" ON "tokens" ("hash")',
    'CREATE INDEX "tokens_expires_at" ON "tokens" ("expires_at")',
    'CREATE INDEX "tokens_purpose_account_id" ON "tokens" ("purpose", "account_id")',
    """CREATE TABLE "weekly_hours" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "technician_id" INTEGER NOT NULL,
    "weekday" INTEGER NOT NULL,
    "start_minute" INTEGER NOT NULL,
    "end_minute" INTEGER NOT NULL,
    "is_break" INTEGER NOT NULL,
    FOREIGN KEY ("technician_id") REFERENCES "technicians" ("id") ON DELETE RESTRICT,
    CHECK (weekday >= 0 AND weekday <= 6),
    CHECK (start_minute >= 0 AND start_minute < end_minute AND end_minute <= 1440),
    CHECK (start_minute / 5 * 5 = start_minute AND end_minute / 5 * 5 = end_minute)
)""",
    'CREATE INDEX "weekly_hours_technician_id" ON "weekly_hours" ("technician_id")',
    'CREATE INDEX "weekly_hours_technician_id_weekday" ON "weekly_hours" ("technician_id", "weekday")',
    "CREATE UNIQUE INDEX bookings_one_traveling ON bookings (technician_id) WHERE state = 'traveling'",
    "CREATE UNIQUE INDEX bookings_one_at_work ON bookings (technician_id) WHERE state IN ('in progress', 'on break')",
    "CREATE INDEX bookings_under_way ON bookings (technician_id) WHERE state IN ('traveling', 'in progress', 'on break')",
    """CREATE INDEX bookings_guard_seek ON bookings (technician_id, starts_at, blocks_until)
WHERE state <> 'canceled'""",
    """CREATE TRIGGER bookings_guard_insert BEFORE INSERT ON bookings
WHEN NEW.state <> 'canceled' AND (
    SELECT blocks_until FROM bookings
    WHERE technician_id = NEW.technician_id AND state <> 'canceled' AND starts_at < NEW.blocks_until
    ORDER BY starts_at DESC LIMIT 1
) > NEW.starts_at
BEGIN
    SELECT RAISE(ABORT, 'bookings_guard: the technician has another booking then');
END""",
    """CREATE TRIGGER bookings_guard_update BEFORE UPDATE OF technician_id, starts_at, blocks_until, state ON bookings
WHEN NEW.state <> 'canceled' AND (
    SELECT blocks_until FROM bookings
    WHERE technician_id = NEW.technician_id AND state <> 'canceled' AND starts_at < NEW.blocks_until AND id <> OLD.id
    ORDER BY starts_at DESC LIMIT 1
) > NEW.starts_at
BEGIN
    SELECT RAISE(ABORT, 'bookings_guard: the technician has another booking then');
END""",
    """CREATE TRIGGER bookings_revision_insert AFTER INSERT ON bookings
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id;
END""",
    """CREATE TRIGGER bookings_revision_update AFTER UPDATE ON bookings
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id AND id <> OLD.technician_id;
END""",
    """CREATE TRIGGER bookings_revision_delete AFTER DELETE ON bookings
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
END""",
    """CREATE TRIGGER time_off_revision_insert AFTER INSERT ON time_off
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id;
END""",
    """CREATE TRIGGER time_off_revision_update AFTER UPDATE ON time_off
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id AND id <> OLD.technician_id;
END""",
    """CREATE TRIGGER time_off_revision_delete AFTER DELETE ON time_off
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
END""",
    """CREATE TRIGGER weekly_hours_revision_insert AFTER INSERT ON weekly_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id;
END""",
    """CREATE TRIGGER weekly_hours_revision_update AFTER UPDATE ON weekly_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id AND id <> OLD.technician_id;
END""",
    """CREATE TRIGGER weekly_hours_revision_delete AFTER DELETE ON weekly_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
END""",
    """CREATE TRIGGER date_overrides_revision_insert AFTER INSERT ON date_overrides
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id;
END""",
    """CREATE TRIGGER date_overrides_revision_update AFTER UPDATE ON date_overrides
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id AND id <> OLD.technician_id;
END""",
    """CREATE TRIGGER date_overrides_revision_delete AFTER DELETE ON date_overrides
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
END""",
    """CREATE TRIGGER override_hours_revision_insert AFTER INSERT ON override_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = (SELECT technician_id FROM date_overrides WHERE id = NEW.date_override_id);
END""",
    """CREATE TRIGGER override_hours_revision_update AFTER UPDATE ON override_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = (SELECT technician_id FROM date_overrides WHERE id = NEW.date_override_id);
END""",
    """CREATE TRIGGER override_hours_revision_delete AFTER DELETE ON override_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = (SELECT technician_id FROM date_overrides WHERE id = OLD.date_override_id);
END""",
    """CREATE TRIGGER closed_days_revision_insert AFTER INSERT ON closed_days
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
    """CREATE TRIGGER closed_days_revision_update AFTER UPDATE ON closed_days
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
    """CREATE TRIGGER closed_days_revision_delete AFTER DELETE ON closed_days
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
    """CREATE TRIGGER sites_revision_update AFTER UPDATE OF lat, lon ON sites
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
    """CREATE TRIGGER settings_revision_insert AFTER INSERT ON settings
WHEN NEW.key = 'business.zone'
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
    """CREATE TRIGGER settings_revision_update AFTER UPDATE ON settings
WHEN NEW.key = 'business.zone'
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
    """CREATE TRIGGER technicians_revision_update AFTER UPDATE OF home_lat, home_lon, radius_km ON technicians
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.id;
END""",
    'CREATE UNIQUE INDEX contacts_one_primary ON contacts (customer_id) WHERE is_primary AND ended_at IS NULL',
    'CREATE UNIQUE INDEX invitations_one_open ON invitations (contact_id) WHERE redeemed_at IS NULL AND revoked_at IS NULL',
    'CREATE UNIQUE INDEX statuses_one_default ON statuses (state) WHERE is_default AND ended_at IS NULL',
)
POSTGRESQL = (
    """CREATE TABLE "accounts" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "phone" TEXT,
    "language" TEXT NOT NULL,
    "password_hash" TEXT,
    "email_confirmed_at" BIGINT,
    "locked_at" BIGINT,
    "made_at" BIGINT NOT NULL,
    "ended_at" BIGINT,
    "version" INTEGER NOT NULL
)""",
    'CREATE UNIQUE INDEX "accounts_email" ON "accounts" ("email")',
    """CREATE TABLE "account_roles" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "account_id" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    CHECK (role IN ('technician', 'dispatcher', 'owner'))
)""",
    'CREATE INDEX "account_roles_account_id" ON "account_roles" ("account_id")',
    'CREATE UNIQUE INDEX "account_roles_account_id_role" ON "account_roles" ("account_id", "role")',
    """CREATE TABLE "customers" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "search_text" TEXT NOT NULL,
    "made_at" BIGINT NOT NULL,
    "ended_at" BIGINT,
    "version" INTEGER NOT NULL
)""",
    """CREATE TABLE "sites" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "search_text" TEXT NOT NULL,
    "lat" DOUBLE PRECISION,
    "lon" DOUBLE PRECISION,
    "access_notes" TEXT,
    "ended_at" BIGINT,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "sites_customer_id" ON "sites" ("customer_id")',
    """CREATE TABLE "products" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "ended_at" BIGINT,
    "version" INTEGER NOT NULL
)""",
    """CREATE TABLE "assets" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "site_id" INTEGER NOT NULL,
    "product_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "serial_number" TEXT,
    "installed_year" INTEGER,
    "ended_at" BIGINT,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("product_id") REFERENCES "products" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "assets_site_id" ON "assets" ("site_id")',
    'CREATE INDEX "assets_product_id" ON "assets" ("product_id")',
    """CREATE TABLE "contacts" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "account_id" INTEGER,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "phone" TEXT,
    "search_text" TEXT NOT NULL,
    "language" TEXT,
    "is_primary" BOOLEAN NOT NULL,
    "is_own_only" BOOLEAN NOT NULL,
    "ended_at" BIGINT,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "contacts_customer_id" ON "contacts" ("customer_id")',
    'CREATE INDEX "contacts_account_id" ON "contacts" ("account_id")',
    'CREATE INDEX "contacts_email" ON "contacts" ("email")',
    'CREATE UNIQUE INDEX "contacts_customer_id_account_id" ON "contacts" ("customer_id", "account_id")',
    """CREATE TABLE "service_types" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "duration_minutes" INTEGER NOT NULL,
    "set_up_minutes" INTEGER NOT NULL,
    "clean_up_minutes" INTEGER NOT NULL,
    "granularity_minutes" INTEGER NOT NULL,
    "least_notice_minutes" INTEGER NOT NULL,
    "greatest_notice_minutes" INTEGER,
    "least_days" INTEGER NOT NULL,
    "greatest_days" INTEGER,
    "is_on_portal" BOOLEAN NOT NULL,
    "ended_at" BIGINT,
    "version" INTEGER NOT NULL,
    CHECK (duration_minutes > 0 AND duration_minutes / 5 * 5 = duration_minutes),
    CHECK (granularity_minutes > 0 AND granularity_minutes / 5 * 5 = granularity_minutes),
    CHECK (set_up_minutes >= 0 AND clean_up_minutes >= 0)
)""",
    """CREATE TABLE "technicians" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "account_id" INTEGER,
    "name" TEXT NOT NULL,
    "phone" TEXT,
    "home_lat" DOUBLE PRECISION,
    "home_lon" DOUBLE PRECISION,
    "radius_km" DOUBLE PRECISION NOT NULL,
    "revision" INTEGER NOT NULL,
    "ended_at" BIGINT,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT
)""",
    'CREATE UNIQUE INDEX "technicians_account_id" ON "technicians" ("account_id")',
    """CREATE TABLE "statuses" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "name" TEXT,
    "color" TEXT,
    "is_default" BOOLEAN NOT NULL,
    "is_shown_to_customers" BOOLEAN NOT NULL,
    "ended_at" BIGINT,
    CHECK (state IN ('scheduled', 'traveling', 'in progress', 'on break', 'completed', 'canceled'))
)""",
    """CREATE TABLE "bookings" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "site_id" INTEGER NOT NULL,
    "asset_id" INTEGER,
    "service_type_id" INTEGER NOT NULL,
    "technician_id" INTEGER NOT NULL,
    "status_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "starts_at" BIGINT NOT NULL,
    "ends_at" BIGINT NOT NULL,
    "blocks_until" BIGINT NOT NULL,
    "set_up_minutes" INTEGER NOT NULL,
    "clean_up_minutes" INTEGER NOT NULL,
    "service_name" TEXT NOT NULL,
    "asset_name" TEXT,
    "comment" TEXT,
    "uid" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "told_starts_at" BIGINT,
    "travel_started_at" BIGINT,
    "work_started_at" BIGINT,
    "completed_at" BIGINT,
    "canceled_at" BIGINT,
    "cancel_reason" TEXT,
    "cancel_note" TEXT,
    "cancel_note_internal" TEXT,
    "made_at" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("contact_id") REFERENCES "contacts" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("asset_id") REFERENCES "assets" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("service_type_id") REFERENCES "service_types" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("technician_id") REFERENCES "technicians" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("status_id") REFERENCES "statuses" ("id") ON DELETE RESTRICT,
    CHECK (state IN ('scheduled', 'traveling', 'in progress', 'on break', 'completed', 'canceled')),
    CHECK (cancel_reason IN ('customer', 'business', 'nobody there', 'other')),
    CHECK (starts_at < ends_at AND starts_at < blocks_until AND blocks_until <= ends_at),
    CHECK (ends_at - starts_at <= 259200),
    CHECK (starts_at / 300 * 300 = starts_at AND ends_at / 300 * 300 = ends_at),
    CHECK (blocks_until / 300 * 300 = blocks_until),
    CHECK (set_up_minutes >= 0 AND clean_up_minutes >= 0)
)""",
    'CREATE INDEX "bookings_customer_id" ON "bookings" ("customer_id")',
    'CREATE INDEX "bookings_contact_id" ON "bookings" ("contact_id")',
    'CREATE INDEX "bookings_site_id" ON "bookings" ("site_id")',
    'CREATE INDEX "bookings_asset_id" ON "bookings" ("asset_id")',
    'CREATE INDEX "bookings_service_type_id" ON "bookings" ("service_type_id")',
    'CREATE INDEX "bookings_technician_id" ON "bookings" ("technician_id")',
    'CREATE INDEX "bookings_status_id" ON "bookings" ("status_id")',
    'CREATE INDEX "bookings_starts_at" ON "bookings" ("starts_at")',
    'CREATE UNIQUE INDEX "bookings_uid" ON "bookings" ("uid")',
    'CREATE INDEX "bookings_customer_id_starts_at" ON "bookings" ("customer_id", "starts_at")',
    """CREATE TABLE "throttle" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "left" DOUBLE PRECISION NOT NULL,
    "at" BIGINT NOT NULL
)""",
    'CREATE UNIQUE INDEX "throttle_key" ON "throttle" ("key")',
    'CREATE INDEX "throttle_at" ON "throttle" ("at")',
    """CREATE TABLE "changes" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "at" BIGINT NOT NULL,
    "account_id" INTEGER,
    "via" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "customer_id" INTEGER,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL
)""",
    'CREATE INDEX "changes_customer_id" ON "changes" ("customer_id")',
    'CREATE INDEX "changes_subject_type_subject_id_at" ON "changes" ("subject_type", "subject_id", "at")',
    """CREATE TABLE "closed_days" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "day" TEXT NOT NULL,
    "name" TEXT NOT NULL
)""",
    'CREATE UNIQUE INDEX "closed_days_day" ON "closed_days" ("day")',
    """CREATE TABLE "date_overrides" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "technician_id" INTEGER NOT NULL,
    "day" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    FOREIGN KEY ("technician_id") REFERENCES "technicians" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "date_overrides_technician_id" ON "date_overrides" ("technician_id")',
    'CREATE UNIQUE INDEX "date_overrides_technician_id_day" ON "date_overrides" ("technician_id", "day")',
    """CREATE TABLE "form_keys" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "result_id" INTEGER NOT NULL,
    "at" BIGINT NOT NULL
)""",
    'CREATE INDEX "form_keys_at" ON "form_keys" ("at")',
    'CREATE UNIQUE INDEX "form_keys_actor_key" ON "form_keys" ("actor", "key")',
    """CREATE TABLE "invitations" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "contact_id" INTEGER NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "link_hash" BYTEA NOT NULL,
    "made_by" INTEGER,
    "made_at" BIGINT NOT NULL,
    "expires_at" BIGINT NOT NULL,
    "redeemed_at" BIGINT,
    "revoked_at" BIGINT,
    FOREIGN KEY ("contact_id") REFERENCES "contacts" ("id") ON DELETE RESTRICT,
    CHECK (redeemed_at IS NULL OR revoked_at IS NULL)
)""",
    'CREATE INDEX "invitations_contact_id" ON "invitations" ("contact_id")',
    'CREATE UNIQUE INDEX "invitations_code_hash" ON "invitations" ("code_hash")',
    'CREATE UNIQUE INDEX "invitations_link_hash" ON "invitations" ("link_hash")',
    'CREATE INDEX "invitations_expires_at" ON "invitations" ("expires_at")',
    """CREATE TABLE "jobs" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "due_at" BIGINT NOT NULL,
    "lease_until" BIGINT
)""",
    'CREATE UNIQUE INDEX "jobs_name" ON "jobs" ("name")',
    """CREATE TABLE "messages" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "wording" TEXT NOT NULL,
    "booking_id" INTEGER,
    "customer_id" INTEGER,
    "contact_id" INTEGER,
    "account_id" INTEGER,
    "subject_id" INTEGER,
    "channel" TEXT NOT NULL,
    "to_name" TEXT NOT NULL,
    "to_address" TEXT,
    "language" TEXT NOT NULL,
    "facts" TEXT NOT NULL,
    "sealed_facts" BYTEA,
    "sequence" INTEGER NOT NULL,
    "message_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "due_at" BIGINT NOT NULL,
    "next_try_at" BIGINT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "lease_until" BIGINT,
    "leased_by" TEXT,
    "useless_after" BIGINT,
    "created_at" BIGINT NOT NULL,
    "sent_at" BIGINT,
    "subject_sent" TEXT,
    "text_sent" TEXT,
    CONSTRAINT "messages_state" CHECK (state IN ('waiting', 'held', 'sent', 'failed', 'dropped', 'no_address')),
    CONSTRAINT "messages_sent_at" CHECK (state <> 'sent' OR sent_at IS NOT NULL),
    CONSTRAINT "messages_secrets_are_wiped" CHECK (state IN ('waiting', 'held') OR sealed_facts IS NULL),
    CONSTRAINT "messages_address" CHECK ((state = 'no_address') = (to_address IS NULL))
)""",
    'CREATE INDEX "messages_customer_id" ON "messages" ("customer_id")',
    'CREATE UNIQUE INDEX "messages_message_id" ON "messages" ("message_id")',
    'CREATE INDEX "messages_state_next_try_at" ON "messages" ("state", "next_try_at")',
    'CREATE INDEX "messages_booking_id_id" ON "messages" ("booking_id", "id")',
    'CREATE INDEX "messages_contact_id_wording_id" ON "messages" ("contact_id", "wording", "id")',
    'CREATE INDEX "messages_account_id_wording_id" ON "messages" ("account_id", "wording", "id")',
    'CREATE INDEX "messages_wording_subject_id" ON "messages" ("wording", "subject_id")',
    'CREATE INDEX "messages_created_at" ON "messages" ("created_at")',
    """CREATE TABLE "override_hours" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "date_override_id" INTEGER NOT NULL,
    "start_minute" INTEGER NOT NULL,
    "end_minute" INTEGER NOT NULL,
    "is_break" BOOLEAN NOT NULL,
    FOREIGN KEY ("date_override_id") REFERENCES "date_overrides" ("id") ON DELETE CASCADE,
    CHECK (start_minute >= 0 AND start_minute < end_minute AND end_minute <= 1440),
    CHECK (start_minute / 5 * 5 = start_minute AND end_minute / 5 * 5 = end_minute)
)""",
    'CREATE INDEX "override_hours_date_override_id" ON "override_hours" ("date_override_id")',
    """CREATE TABLE "pictures" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "content" BYTEA NOT NULL,
    "media_type" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "made_at" BIGINT NOT NULL
)""",
    """CREATE TABLE "service_type_products" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "service_type_id" INTEGER NOT NULL,
    "product_id" INTEGER NOT NULL,
    FOREIGN KEY ("service_type_id") REFERENCES "service_types" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("product_id") REFERENCES "products" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "service_type_products_service_type_id" ON "service_type_products" ("service_type_id")',
    'CREATE INDEX "service_type_products_product_id" ON "service_type_products" ("product_id")',
    'CREATE UNIQUE INDEX "service_type_products_service_type_id_product_id" ON "service_type_products" ("service_type_id", "product_id")',
    """CREATE TABLE "sessions" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "account_id" INTEGER NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "browser" TEXT NOT NULL,
    "begun_at" BIGINT NOT NULL,
    "seen_at" BIGINT NOT NULL,
    "expires_at" BIGINT NOT NULL,
    "ended_at" BIGINT,
    FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT
)""",
    'CREATE INDEX "sessions_account_id" ON "sessions" ("account_id")',
    'CREATE UNIQUE INDEX "sessions_token_hash" ON "sessions" ("token_hash")',
    'CREATE INDEX "sessions_expires_at" ON "sessions" ("expires_at")',
    """CREATE TABLE "settings" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL
)""",
    'CREATE UNIQUE INDEX "settings_key" ON "settings" ("key")',
    """CREATE TABLE "time_off" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "technician_id" INTEGER NOT NULL,
    "starts_at" BIGINT NOT NULL,
    "ends_at" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    FOREIGN KEY ("technician_id") REFERENCES "technicians" ("id") ON DELETE RESTRICT,
    CHECK (ends_at > starts_at)
)""",
    'CREATE INDEX "time_off_technician_id" ON "time_off" ("technician_id")',
    'CREATE INDEX "time_off_technician_id_ends_at" ON "time_off" ("technician_id", "ends_at")',
    """CREATE TABLE "tokens" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "purpose" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "account_id" INTEGER,
    "made_at" BIGINT NOT NULL,
    "expires_at" BIGINT NOT NULL,
    "used_at" BIGINT,
    "revoked_at" BIGINT
)""",
    'CREATE UNIQUE INDEX "tokens_hash" ON "tokens" ("hash")',
    'CREATE INDEX "tokens_expires_at" ON "tokens" ("expires_at")',
    'CREATE INDEX "tokens_purpose_account_id" ON "tokens" ("purpose", "account_id")',
    """CREATE TABLE "weekly_hours" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "technician_id" INTEGER NOT NULL,
    "weekday" INTEGER NOT NULL,
    "start_minute" INTEGER NOT NULL,
    "end_minute" INTEGER NOT NULL,
    "is_break" BOOLEAN NOT NULL,
    FOREIGN KEY ("technician_id") REFERENCES "technicians" ("id") ON DELETE RESTRICT,
    CHECK (weekday >= 0 AND weekday <= 6),
    CHECK (start_minute >= 0 AND start_minute < end_minute AND end_minute <= 1440),
    CHECK (start_minute / 5 * 5 = start_minute AND end_minute / 5 * 5 = end_minute)
)""",
    'CREATE INDEX "weekly_hours_technician_id" ON "weekly_hours" ("technician_id")',
    'CREATE INDEX "weekly_hours_technician_id_weekday" ON "weekly_hours" ("technician_id", "weekday")',
    "CREATE UNIQUE INDEX bookings_one_traveling ON bookings (technician_id) WHERE state = 'traveling'",
    "CREATE UNIQUE INDEX bookings_one_at_work ON bookings (technician_id) WHERE state IN ('in progress', 'on break')",
    "CREATE INDEX bookings_under_way ON bookings (technician_id) WHERE state IN ('traveling', 'in progress', 'on break')",
    """CREATE INDEX bookings_guard_seek ON bookings (technician_id, starts_at, blocks_until)
WHERE state <> 'canceled'""",
    'CREATE EXTENSION IF NOT EXISTS btree_gist',
    """ALTER TABLE bookings ADD CONSTRAINT bookings_guard EXCLUDE USING gist (
    technician_id WITH =, int8range(starts_at, blocks_until) WITH &&
) WHERE (state <> 'canceled')""",
    """CREATE FUNCTION revision_of_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.technician_id <> OLD.technician_id) THEN
        UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id;
    END IF;
    RETURN NULL;
END $$""",
    """CREATE FUNCTION revision_of_override() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = (
        SELECT technician_id FROM date_overrides
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.date_override_id ELSE NEW.date_override_id END
    );
    RETURN NULL;
END $$""",
    """CREATE FUNCTION revision_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE technicians SET revision = revision + 1;
    RETURN NULL;
END $$""",
    """CREATE FUNCTION revision_of_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + 1;
    RETURN NEW;
END $$""",
    'CREATE TRIGGER bookings_revision AFTER INSERT OR UPDATE OR DELETE ON bookings FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
    'CREATE TRIGGER time_off_revision AFTER INSERT OR UPDATE OR DELETE ON time_off FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
    'CREATE TRIGGER weekly_hours_revision AFTER INSERT OR UPDATE OR DELETE ON weekly_hours FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
    'CREATE TRIGGER date_overrides_revision AFTER INSERT OR UPDATE OR DELETE ON date_overrides FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
    'CREATE TRIGGER override_hours_revision AFTER INSERT OR UPDATE OR DELETE ON override_hours FOR EACH ROW EXECUTE FUNCTION revision_of_override()',
    'CREATE TRIGGER closed_days_revision AFTER INSERT OR UPDATE OR DELETE ON closed_days FOR EACH ROW EXECUTE FUNCTION revision_of_all()',
    'CREATE TRIGGER sites_revision AFTER UPDATE OF lat, lon ON sites FOR EACH ROW EXECUTE FUNCTION revision_of_all()',
    "CREATE TRIGGER settings_revision AFTER INSERT OR UPDATE ON settings FOR EACH ROW WHEN (NEW.key = 'business.zone') EXECUTE FUNCTION revision_of_all()",
    'CREATE TRIGGER technicians_revision BEFORE UPDATE OF home_lat, home_lon, radius_km ON technicians FOR EACH ROW EXECUTE FUNCTION revision_of_home()',
    'CREATE UNIQUE INDEX contacts_one_primary ON contacts (customer_id) WHERE is_primary AND ended_at IS NULL',
    'CREATE UNIQUE INDEX invitations_one_open ON invitations (contact_id) WHERE redeemed_at IS NULL AND revoked_at IS NULL',
    'CREATE UNIQUE INDEX statuses_one_default ON statuses (state) WHERE is_default AND ended_at IS NULL',
)
STATES = ('scheduled', 'traveling', 'in progress', 'on break', 'completed', 'canceled')


def up(migrator: object, db: Any) -> None:
    for statement in SQLITE if isinstance(db, SqliteDatabase) else POSTGRESQL:
        db.execute_sql(statement)
    for state in STATES:
        db.execute_sql(
            f"INSERT INTO statuses (state, is_default, is_shown_to_customers) VALUES ('{state}', true, true)"  # noqa: S608
        )
