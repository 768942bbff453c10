-- A house in use, as migration 0001 left it: rows in every table. Frozen with that migration; both engines take it.
INSERT INTO accounts (id, email, name, phone, language, password_hash, email_confirmed_at, locked_at, made_at, ended_at, version) VALUES
    (1, 'olga@alder.example', 'Olga Winter', '+13125550100', 'en', '$argon2id$v=19$m=19456,t=2,p=1$a$b', 1800000000, NULL, 1800000000, NULL, 1),
    (2, 'ada@example.com', 'Ada Lind', NULL, 'en', NULL, NULL, 1800000100, 1800000000, 1800000200, 3);
INSERT INTO account_roles (id, account_id, role) VALUES (1, 1, 'owner'), (2, 1, 'technician');
INSERT INTO customers (id, name, search_text, made_at, ended_at, version) VALUES (1, 'Lind', 'lind', 1800000000, NULL, 1), (2, 'Sá & Söhne', 'sa & sohne', 1800000000, 1800000900, 2);
INSERT INTO sites (id, customer_id, address, search_text, lat, lon, access_notes, ended_at, version) VALUES
    (1, 1, '18 Alder Street', '18 alder street', 41.92, -87.64, 'The bell is broken', NULL, 1), (2, 2, '7 Birch Lane', '7 birch lane', NULL, NULL, NULL, 1800000900, 1);
INSERT INTO products (id, name, ended_at, version) VALUES (1, 'Boiler', NULL, 1), (2, 'Stove', 1800000900, 1);
INSERT INTO assets (id, site_id, product_id, name, serial_number, installed_year, ended_at, version) VALUES
    (1, 1, 1, 'ecoTEC plus', 'VX-1', 2019, NULL, 1), (2, 2, 2, 'Nordpeis', NULL, NULL, 1800000900, 1);
INSERT INTO contacts (id, customer_id, account_id, name, email, phone, search_text, language, is_primary, is_own_only, ended_at, version) VALUES
    (1, 1, 2, 'Ada Lind', 'ada@example.com', '+13125550142', 'ada lind ada@example.com +13125550142', 'en', true, false, NULL, 1),
    (2, 1, NULL, 'Niels Lind', 'ada@example.com', NULL, 'niels lind ada@example.com', NULL, false, true, NULL, 1);
INSERT INTO service_types (id, name, duration_minutes, set_up_minutes, clean_up_minutes, granularity_minutes, least_notice_minutes, greatest_notice_minutes, least_days, greatest_days, is_on_portal, ended_at, version) VALUES
    (1, 'Annual inspection', 90, 5, 10, 30, 120, NULL, 0, 60, true, NULL, 1), (2, 'Repair', 60, 0, 0, 15, 0, 100000, 1, NULL, false, NULL, 1);
INSERT INTO service_type_products (id, service_type_id, product_id) VALUES (1, 1, 1), (2, 1, 2);
INSERT INTO technicians (id, account_id, name, phone, home_lat, home_lon, radius_km, revision, ended_at, version) VALUES
    (1, 1, 'Olga Winter', NULL, 41.9, -87.6, 25.5, 7, NULL, 1), (2, NULL, 'Tess Kowal', '+13125550199', NULL, NULL, 0, 1, NULL, 1);
INSERT INTO weekly_hours (id, technician_id, weekday, start_minute, end_minute, is_break) VALUES (1, 1, 0, 480, 1020, false), (2, 1, 0, 720, 750, true);
INSERT INTO date_overrides (id, technician_id, day, reason) VALUES (1, 1, '2027-01-18', 'A fair'), (2, 2, '2027-01-19', '');
INSERT INTO override_hours (id, date_override_id, start_minute, end_minute, is_break) VALUES (1, 1, 600, 1440, false);
INSERT INTO time_off (id, technician_id, starts_at, ends_at, reason) VALUES (1, 2, 1800000000, 1800086400, 'Flu');
INSERT INTO closed_days (id, day, name) VALUES (1, '2027-12-25', 'Christmas Day');
INSERT INTO bookings (id, customer_id, contact_id, site_id, asset_id, service_type_id, technician_id, status_id, state, starts_at, ends_at, blocks_until, set_up_minutes, clean_up_minutes, service_name, asset_name, comment, uid, sequence, told_starts_at, travel_started_at, work_started_at, completed_at, canceled_at, cancel_reason, cancel_note, cancel_note_internal, made_at, version) VALUES
    (1, 1, 1, 1, 1, 1, 1, 1, 'scheduled', 1800000000, 1800005400, 1800005400, 5, 10, 'Annual inspection', 'ecoTEC plus', 'Ring twice', 'uid-1', 0, 1800000000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1799000000, 1),
    (2, 1, 1, 1, 1, 1, 1, 6, 'canceled', 1800000000, 1800005400, 1800005400, 5, 10, 'Annual inspection', 'ecoTEC plus', NULL, 'uid-2', 1, NULL, NULL, NULL, NULL, 1799000100, 'customer', 'Ill', 'Rude', 1799000000, 2),
    (3, 1, 2, 1, NULL, 2, 1, 5, 'completed', 1800005400, 1800009000, 1800007200, 0, 0, 'Repair', NULL, NULL, 'uid-3', 0, NULL, 1800005001, 1800005402, 1800007003, NULL, NULL, NULL, NULL, 1799000000, 4);
INSERT INTO invitations (id, contact_id, code_hash, link_hash, made_by, made_at, expires_at, redeemed_at, revoked_at) VALUES
    (1, 1, 'code 1', 'link 1', 1, 1800000000, 1801209600, 1800000600, NULL), (2, 2, 'code 2', 'link 2', NULL, 1800000000, 1801209600, NULL, NULL);
INSERT INTO messages (id, wording, booking_id, customer_id, contact_id, account_id, subject_id, channel, to_name, to_address, language, facts, sealed_facts, sequence, message_id, state, reason, due_at, next_try_at, attempts, lease_until, leased_by, useless_after, created_at, sent_at, subject_sent, text_sent) VALUES
    (1, 'booking_confirmed', 1, 1, 1, NULL, NULL, 'email', 'Ada Lind', 'ada@example.com', 'en', '{}', NULL, 0, '<1@portal.example>', 'sent', NULL, 1800000000, 1800000000, 1, NULL, NULL, 1800005400, 1800000000, 1800000003, 'Confirmed', 'See you'),
    (2, 'invitation', NULL, 1, 2, NULL, 2, 'email', 'Niels Lind', 'ada@example.com', 'en', '{}', 'sealed', 0, '<2@portal.example>', 'waiting', NULL, 1800000000, 1800000060, 2, 1800000180, 'worker 1', NULL, 1800000000, NULL, NULL, NULL);
INSERT INTO changes (id, at, account_id, via, kind, subject_type, subject_id, customer_id, before, after) VALUES
    (1, 1800000000, 2, 'person', 'BookingMade', 'bookings', 1, 1, '{}', '{"technician": 1}'), (2, 1800000000, NULL, 'system', 'AccountMade', 'accounts', 1, NULL, '{}', '{}');
INSERT INTO form_keys (id, actor, key, digest, result_id, at) VALUES (1, 'person:2', 'key-1', 'digest', 1, 1800000000);
INSERT INTO jobs (id, name, due_at, lease_until) VALUES (1, 'sweep', 1800000000, NULL);
INSERT INTO pictures (id, content, media_type, width, height, made_at) VALUES (1, 'picture', 'image/jpeg', 640, 480, 1800000000);
INSERT INTO sessions (id, account_id, token_hash, browser, begun_at, seen_at, expires_at, ended_at) VALUES (1, 1, 'hash', 'Firefox', 1800000000, 1800000300, 1815552000, NULL);
INSERT INTO settings (id, key, value) VALUES (1, 'business.zone', '"Europe/Berlin"');
INSERT INTO throttle (id, key, "left", at) VALUES (1, 'sign-in:ada@example.com', 8.5, 1800000000);
INSERT INTO tokens (id, purpose, hash, account_id, made_at, expires_at, used_at, revoked_at) VALUES (1, 'set-up', 'token', NULL, 1800000000, 1800604800, 1800000060, NULL);
