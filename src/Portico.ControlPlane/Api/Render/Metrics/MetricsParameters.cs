using System.Globalization;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Api.Render.Metrics;

/// <summary>Reads what all metrics have in common out of a query: of what, of when, in which steps.</summary>
internal sealed class MetricsParameters(PorticoDb db, TimeProvider time)
{
    private const int DefaultStepSeconds = 60, LeastStepSeconds = 30, MostStepSeconds = 30 * 24 * 60 * 60;

    /// <summary>Enough for a month of minutes.</summary>
    private const int MostSteps = 45_000;

    private const int MostResources = 100;
    private const int HourSeconds = 60 * 60;
    private static readonly TimeSpan DefaultSpan = TimeSpan.FromHours(1);

    /// <summary>Everything in steps as the client wants them.</summary>
    /// <exception cref="RefusedException">A parameter is wrong, or names what the caller may not see.</exception>
    public Task<MetricsQuery> ReadAsync(Query query, Caller caller, CancellationToken cancellationToken) =>
        ReadAsync(query, caller, ReadStep(query), cancellationToken);

    /// <summary>Bandwidth is told by the hour, as in Render.</summary>
    /// <exception cref="RefusedException">A parameter is wrong, or names what the caller may not see.</exception>
    public Task<MetricsQuery> ReadHourlyAsync(Query query, Caller caller, CancellationToken cancellationToken) =>
        ReadAsync(query, caller, HourSeconds, cancellationToken);

    private async Task<MetricsQuery> ReadAsync(Query query, Caller caller, int step, CancellationToken cancellationToken)
    {
        var end = query.Time("endTime") ?? time.GetUtcNow();
        var start = query.Time("startTime") ?? (end - DateTimeOffset.MinValue > DefaultSpan ? end - DefaultSpan : DateTimeOffset.MinValue);
        if (start < DateTimeOffset.UnixEpoch)
            throw Refusal.Invalid("startTime: a time after 1970 is needed.");
        if (start >= end)
            throw Refusal.Invalid("startTime: it must be before endTime.");
        if ((end - start).TotalSeconds / step > MostSteps)
            throw Refusal.Invalid($"resolutionSeconds: {step} gives more than {MostSteps} values in this time. Ask for larger steps or a shorter time.");
        return new MetricsQuery(await ResourcesAsync(query, caller, cancellationToken), start, end, step)
        {
            Instances = query.List("instance"),
            Hosts = query.List("host"),
            Statuses = query.List("statusCode", ParseStatus, "a status code is a number such as 200"),
        };
    }

    /// <summary>Quantile of latencies: the 95th percentile where none is given.</summary>
    public static double ReadQuantile(Query query)
    {
        const double Default = 0.95;
        if (query.Text("quantile") is not { } text)
            return Default;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var quantile) && quantile is >= 0 and <= 1
            ? quantile
            : throw Refusal.Invalid($"quantile: '{text}' is not a number from 0 to 1.");
    }

    public static Aggregation ReadAggregation(Query query) => query.Text("aggregationMethod") switch
    {
        null or "AVG" => Aggregation.Average,
        "MAX" => Aggregation.Most,
        "MIN" => Aggregation.Least,
        var other => throw Refusal.Invalid($"aggregationMethod: '{other}' is not known; it is AVG, MAX or MIN."),
    };

    public static TrafficLabel ReadLabel(Query query) => query.Text("aggregateBy") switch
    {
        null => TrafficLabel.None,
        "host" => TrafficLabel.Host,
        "statusCode" => TrafficLabel.StatusCode,
        var other => throw Refusal.Invalid($"aggregateBy: '{other}' is not known; it is host or statusCode."),
    };

    /// <summary>The type is a number: clients write it with and without a fraction.</summary>
    private static int ReadStep(Query query)
    {
        if (query.Text("resolutionSeconds") is not { } text)
            return DefaultStepSeconds;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= LeastStepSeconds and <= MostStepSeconds
            ? (int)seconds
            : throw Refusal.Invalid($"resolutionSeconds: a number from {LeastStepSeconds} to {MostStepSeconds} is needed.");
    }

    private static int? ParseStatus(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 999 ? status : null;

    private async Task<IReadOnlyList<string>> ResourcesAsync(Query query, Caller caller, CancellationToken cancellationToken)
    {
        List<string> ids = [.. query.List("resource").Concat(query.List("service")).Distinct()];
        if (ids.Count is 0 or > MostResources)
            throw Refusal.Invalid($"resource: give the ids of 1 to {MostResources} services or data stores.");
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
