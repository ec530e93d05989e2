-- Where an exchange rate was taken from; empty when that is not known.
alter table accounting_rate add column source {text} not null default '';
