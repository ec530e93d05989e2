-- Since when a category's method holds; null where it was set before days were kept.
alter table valuation_category add column since {text};

-- What changed the worth of goods without moving them, by the books' day.
create index valuation_layer_act on valuation_layer (company_id, posted_on, id)
    where kind in ('revaluation', 'method_change', 'cost_correction', 'landed_cost');
