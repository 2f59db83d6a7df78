-- A file keeps no samples of its values: there is nothing to do. On a server it is otherwise.

SELECT 1;
