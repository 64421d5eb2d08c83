using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Ids;
using Portico.Core.Services;

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>The filters of the list of services.</summary>
internal sealed class ServiceFilter
{
    private static readonly string[] Regions = ["frankfurt", "oregon", "ohio", "singapore", "virginia"];

    private static readonly string[] Runtimes =
        ["docker", "elixir", "go", "node", "python", "ruby", "rust", "image", "dotnet", "static"];

    private readonly Query _query;
    private readonly IReadOnlyList<ServiceType> _types;
    private readonly IReadOnlyList<bool> _suspended;
    private readonly IReadOnlyList<string> _runtimes, _regions;

    private ServiceFilter(Query query)
    {
        _query = query;
        _types = query.List<ServiceType>("type", ServiceTerms.TypeOf, "use static_site, web_service, private_service, background_worker or cron_job");
        _suspended = query.List<bool>(
            "suspended", text => text switch { "suspended" => true, "not_suspended" => false, _ => null }, "use suspended or not_suspended");
        _runtimes = Known("env", Runtimes);
        _regions = Known("region", Regions);
        // There are no previews: with and without them, the list is the same.
        _ = query.Flag("includePreviews");
    }

    /// <exception cref="RefusedException">A filter is invalid.</exception>
    public static ServiceFilter Read(Query query) => new(query);

    public static bool IsServiceId(string text) => ResourceId.TryParse<ServiceId>(text, out _) || ResourceId.TryParse<CronJobId>(text, out _);

    public IQueryable<ServiceRow> Apply(IQueryable<ServiceRow> rows)
    {
        if (_query.List("name") is { Count: > 0 } names)
            rows = rows.Where(row => names.Contains(row.Name));
        if (_types.Count > 0)
            rows = rows.Where(row => _types.Contains(row.Type));
        if (_suspended.Count > 0)
            rows = rows.Where(row => _suspended.Contains(row.Suspended));
        if (_query.List("environmentId") is { Count: > 0 } environments)
            rows = rows.Where(row => row.EnvironmentId != null && environments.Contains(row.EnvironmentId));
        if (_query.Time("createdBefore") is { } createdBefore)
            rows = rows.Where(row => row.CreatedAt < createdBefore);
        if (_query.Time("createdAfter") is { } createdAfter)
            rows = rows.Where(row => row.CreatedAt > createdAfter);
        if (_query.Time("updatedBefore") is { } updatedBefore)
            rows = rows.Where(row => row.UpdatedAt < updatedBefore);
        if (_query.Time("updatedAfter") is { } updatedAfter)
            rows = rows.Where(row => row.UpdatedAt > updatedAfter);
        return rows;
    }

    /// <summary>Returns the first matching services. Some filters read the serialized settings, which a database query cannot do.</summary>
    public async Task<List<ServiceRow>> TakeAsync(IQueryable<ServiceRow> rows, int limit, CancellationToken cancellationToken)
    {
        if (_runtimes.Count == 0 && _regions.Count == 0)
            return await rows.Take(limit).ToListAsync(cancellationToken);
        var page = new List<ServiceRow>();
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (page.Count == limit)
                break;
            if (Matches(row.Settings))
                page.Add(row);
        }
        return page;
    }

    private bool Matches(ServiceSettings settings) =>
        (_runtimes.Count == 0 || _runtimes.Contains(settings.Runtime))
        && (_regions.Count == 0 || _regions.Contains(ServiceTerms.RegionOf(settings)));

    private IReadOnlyList<string> Known(string name, string[] known)
    {
        foreach (var value in _query.List(name))
            if (!known.Contains(value))
                throw Refusal.Invalid($"{name}: unknown value '{value}'; use {string.Join(", ", known[..^1])} or {known[^1]}.");
        return _query.List(name);
    }
}
