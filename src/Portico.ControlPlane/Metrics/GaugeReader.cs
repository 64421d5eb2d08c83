namespace Portico.ControlPlane.Metrics;

/// <summary>Reads measured values.</summary>
internal sealed class GaugeReader(MetricsDatabase database, TimeProvider time)
{
    public IReadOnlyList<GaugeSeries> Read(Gauge gauge, MetricsQuery query, Aggregation aggregation)
    {
        using var connection = database.OpenToRead();
        if (connection is null)
            return [];
        var tier = Tier.For(query.Start, query.StepSeconds, time.GetUtcNow());
        var value = aggregation switch
        {
            Aggregation.Least => "min(min)",
            Aggregation.Most => "max(max)",
            _ => "sum(sum) / sum(samples)",
        };
        var rows = new MetricsRead(connection, $"""
            SELECT resource, instance, time - time % {query.StepSeconds} AS step, {value}
            FROM series JOIN gauges_{tier.Name} ON series = id
            """)
            .Where("gauge = {0}", (int)gauge).WhereIn("resource", query.Resources).WhereIn("instance", query.Instances)
            .Where("time >= {0}", tier.StepOf(query.Start)).Where("time < {0}", query.End.ToUnixTimeSeconds())
            .List("GROUP BY resource, instance, step ORDER BY resource, instance, step",
                row => (Resource: row.GetString(0), Instance: row.GetString(1), Point: new Point(row.GetInt64(2), row.GetDouble(3))));
        return [.. rows.GroupBy(row => (row.Resource, row.Instance))
            .Select(group => new GaugeSeries(group.Key.Resource, group.Key.Instance, [.. group.Select(row => row.Point)]))];
    }

    /// <summary>Returns the instances that were measured in the time range.</summary>
    public IReadOnlyList<string> Instances(MetricsQuery query)
    {
        using var connection = database.OpenToRead();
        if (connection is null)
            return [];
        return new MetricsRead(connection, "SELECT DISTINCT instance FROM series")
            .WhereIn("resource", query.Resources).Where("instance <> ''")
            .Where("EXISTS (SELECT 1 FROM gauges_coarse WHERE series = id AND time >= {0} AND time < {1})",
                Tier.Coarse.StepOf(query.Start), query.End.ToUnixTimeSeconds())
            .List("ORDER BY instance", row => row.GetString(0));
    }
}
