using System.Text;
using Microsoft.Data.Sqlite;

namespace Portico.ControlPlane.Metrics;

/// <summary>Builds a statement whose conditions are added one by one. Values are always parameters.</summary>
internal sealed class MetricsRead(SqliteConnection connection, string select)
{
    private readonly SqliteCommand _command = connection.CreateCommand();
    private readonly StringBuilder _where = new();

    public MetricsRead Where(string condition, params object[] values)
    {
        _where.Append(_where.Length == 0 ? " WHERE " : " AND ").AppendFormat(null, condition, [.. values.Select(Add)]);
        return this;
    }

    /// <summary>Adds a condition; an empty list adds none.</summary>
    public MetricsRead WhereIn<T>(string column, IReadOnlyList<T> values)
    {
        if (values.Count > 0)
            _where.Append(_where.Length == 0 ? " WHERE " : " AND ").Append(column).Append(" IN (").AppendJoin(", ", values.Select(value => Add(value!))).Append(')');
        return this;
    }

    public List<T> List<T>(string end, Func<SqliteDataReader, T> map)
    {
        _command.CommandText = $"{select}{_where} {end}";
        using var command = _command;
        using var rows = command.ExecuteReader();
        var list = new List<T>();
        while (rows.Read())
            list.Add(map(rows));
        return list;
    }

    private string Add(object value)
    {
        var name = $"$p{_command.Parameters.Count}";
        _command.Parameters.AddWithValue(name, value);
        return name;
    }
}
