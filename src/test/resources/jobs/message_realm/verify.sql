SELECT messages.id FROM messages JOIN users ON users.id = sender_id WHERE messages.realm_id IS DISTINCT FROM users.realm_id;
SELECT 'may be NULL' FROM pg_attribute WHERE attrelid = 'messages'::regclass AND attname = 'realm_id' AND NOT attnotnull;
SELECT conname FROM pg_constraint WHERE conrelid = 'messages'::regclass AND contype = 'c';
