-- Persons are found without a look at every entry: who took their agreement back is erased by the next purge.

CREATE INDEX record_person ON record (id) WHERE kind = 'person';

-- Subjects of which nothing may stay are counted by the month and nowhere.

INSERT INTO unmet (day, channel, theme, postal_code, count)
SELECT substr(day, 1, 8) || '01', channel, theme, '', CAST(sum(count) AS BIGINT) FROM unmet
WHERE theme IN ('safety', 'mind') AND (postal_code <> '' OR substr(day, 9) <> '01')
GROUP BY substr(day, 1, 8) || '01', channel, theme
ON CONFLICT (day, channel, theme, postal_code) DO UPDATE SET count = unmet.count + excluded.count;

DELETE FROM unmet WHERE theme IN ('safety', 'mind') AND (postal_code <> '' OR substr(day, 9) <> '01');
