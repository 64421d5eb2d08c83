using System.Globalization;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Api.Render.Metrics;

/// <summary>Parses the query parameters that all metrics share: resources, time range and step.</summary>
internal sealed class MetricsParameters(PorticoDb db, TimeProvider time)
{
    private const int DefaultStepSeconds = 60, LeastStepSeconds = 30, MostStepSeconds = 30 * 24 * 60 * 60;

    /// <summary>One value per minute for a month.</summary>
    private const int MostSteps = 45_000;

    private const int MostResources = 100;
    private const int HourSeconds = 60 * 60;
    private static readonly TimeSpan DefaultSpan = TimeSpan.FromHours(1);

    /// <summary>Parses the parameters of metrics with a resolution that the client chooses.</summary>
    /// <exception cref="RefusedException">A parameter is invalid, or names a resource that the caller cannot see.</exception>
    public Task<MetricsQuery> ReadAsync(Query query, Caller caller, CancellationToken cancellationToken) =>
        ReadAsync(query, caller, ReadStep(query), cancellationToken);

    /// <summary>Parses the parameters of bandwidth, which is reported per hour, as in Render.</summary>
    /// <exception cref="RefusedException">A parameter is invalid, or names a resource that the caller cannot see.</exception>
    public Task<MetricsQuery> ReadHourlyAsync(Query query, Caller caller, CancellationToken cancellationToken) =>
        ReadAsync(query, caller, HourSeconds, cancellationToken);

    private async Task<MetricsQuery> ReadAsync(Query query, Caller caller, int step, CancellationToken cancellationToken)
    {
        var end = query.Time("endTime") ?? time.GetUtcNow();
        var start = query.Time("startTime") ?? (end - DateTimeOffset.MinValue > DefaultSpan ? end - DefaultSpan : DateTimeOffset.MinValue);
        if (start < DateTimeOffset.UnixEpoch)
            throw Refusal.Invalid("startTime: must be after 1970.");
        if (start >= end)
            throw Refusal.Invalid("startTime: must be before endTime.");
        if ((end - start).TotalSeconds / step > MostSteps)
            throw Refusal.Invalid($"resolutionSeconds: {step} results in more than {MostSteps} values. Use larger steps or a shorter time range.");
        return new MetricsQuery(await ResourcesAsync(query, caller, cancellationToken), start, end, step)
        {
            Instances = query.List("instance"),
            Hosts = query.List("host"),
            Statuses = query.List("statusCode", ParseStatus, "use a number such as 200"),
        };
    }

    /// <summary>Returns the quantile of latencies; by default, the 95th percentile.</summary>
    public static double ReadQuantile(Query query)
    {
        const double Default = 0.95;
        if (query.Text("quantile") is not { } text)
            return Default;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var quantile) && quantile is >= 0 and <= 1
            ? quantile
            : throw Refusal.Invalid($"quantile: must be a number from 0 to 1, not '{text}'.");
    }

    public static Aggregation ReadAggregation(Query query) => query.Text("aggregationMethod") switch
    {
        null or "AVG" => Aggregation.Average,
        "MAX" => Aggregation.Most,
        "MIN" => Aggregation.Least,
        var other => throw Refusal.Invalid($"aggregationMethod: unknown value '{other}'; use AVG, MAX or MIN."),
    };

    public static TrafficLabel ReadLabel(Query query) => query.Text("aggregateBy") switch
    {
        null => TrafficLabel.None,
        "host" => TrafficLabel.Host,
        "statusCode" => TrafficLabel.StatusCode,
        var other => throw Refusal.Invalid($"aggregateBy: unknown value '{other}'; use host or statusCode."),
    };

    /// <summary>The type is a number, so clients send it with or without a fraction.</summary>
    private static int ReadStep(Query query)
    {
        if (query.Text("resolutionSeconds") is not { } text)
            return DefaultStepSeconds;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= LeastStepSeconds and <= MostStepSeconds
            ? (int)seconds
            : throw Refusal.Invalid($"resolutionSeconds: must be a number from {LeastStepSeconds} to {MostStepSeconds}.");
    }

    private static int? ParseStatus(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 999 ? status : null;

    private async Task<IReadOnlyList<string>> ResourcesAsync(Query query, Caller caller, CancellationToken cancellationToken)
    {
        List<string> ids = [.. query.List("resource").Concat(query.List("service")).Distinct()];
        if (ids.Count is 0 or > MostResources)
            throw Refusal.Invalid($"resource: must contain the ids of 1 to {MostResources} services or data stores.");
        foreach (var id in ids)
        {
            if (id.StartsWith("dpg-", StringComparison.Ordinal) || id.StartsWith("red-", StringComparison.Ordinal))
                await db.DataStores.GetAsync(caller, row => row.Id == id, "data store", id, cancellationToken);
            else
                await db.Services.GetAsync(caller, row => row.Id == id, "service", id, cancellationToken);
        }
        return ids;
    }
}
