SELECT id FROM mails WHERE sent_at IS DISTINCT FROM to_timestamp(sent_ms / 1000.0);
