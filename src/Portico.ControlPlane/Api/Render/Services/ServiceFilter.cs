using Portico.ControlPlane.Api.Requests;
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

    public IQueryable<ServiceRow> Apply(IQueryable<ServiceRow> rows) => rows
        .Among(_query.List("name"), row => row.Name)
        .Among(_types, row => row.Type)
        .Among(_suspended, row => row.Suspended)
        .Among(_query.List("environmentId"), row => row.EnvironmentId)
        .Between(_query, "created", row => row.CreatedAt)
        .Between(_query, "updated", row => row.UpdatedAt);

    /// <summary>The filters on settings, which the database cannot look into; null if the request has none.</summary>
    public Func<ServiceRow, bool>? OnSettings => _runtimes.Count == 0 && _regions.Count == 0 ? null : row => Matches(row.Settings);

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
