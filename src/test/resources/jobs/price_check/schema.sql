CREATE TABLE products (sku text PRIMARY KEY, price numeric, list_price numeric);
INSERT INTO products SELECT 'sku ' || i, i, i + 1 FROM generate_series(1, 1000) AS i;
ALTER TABLE products ADD CONSTRAINT products_price_check CHECK (price <= list_price) NOT VALID;
