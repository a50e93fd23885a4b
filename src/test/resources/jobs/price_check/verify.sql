SELECT 'not validated' WHERE EXISTS (SELECT FROM pg_constraint WHERE conname = 'products_price_check' AND NOT convalidated);
