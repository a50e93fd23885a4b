--liquibase formatted sql

--changeset undercurrent:json splitStatements:false
SELECT 1;
