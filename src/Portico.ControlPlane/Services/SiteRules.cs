using System.Security.Cryptography;
using System.Text;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Ids;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>
/// The headers and routes of a static site, with ids. An id is a digest of the rule, so it does not change when other rules
/// change or a Blueprint is applied again, and it need not be stored.
/// </summary>
internal static class SiteRules
{
    private const int IdBytes = 12;

    public static HeaderSetting ToSetting(HeaderInput header) => new(header.Path, header.Name, header.Value);

    public static RouteSetting ToSetting(RoutePut route, string field) => new(IsRedirect(route.Type, field), route.Source, route.Destination);

    public static RouteSetting ToSetting(RoutePost route, string field) => new(IsRedirect(route.Type, field), route.Source, route.Destination);

    /// <summary>Sorts routes by priority; those without one come last, in the given order.</summary>
    public static List<RouteSetting> Order(IReadOnlyList<RoutePost> routes) =>
    [
        .. routes.Select((route, i) => (route.Priority, Setting: ToSetting(route, $"serviceDetails.routes[{i}]")))
            .OrderBy(item => item.Priority ?? int.MaxValue).Select(item => item.Setting),
    ];

    public static List<Header> Headers(string service, IReadOnlyList<HeaderSetting>? headers) =>
    [
        .. Ids(service, headers ?? [], header => [header.Path, header.Name, header.Value])
            .Select(item => new Header(HeaderId.FromBody(item.Body).Value, item.Rule.Path, item.Rule.Name, item.Rule.Value)),
    ];

    public static List<Route> Routes(string service, IReadOnlyList<RouteSetting>? routes) =>
    [
        .. Ids(service, routes ?? [], route => [route.Redirect ? "redirect" : "rewrite", route.Source, route.Destination])
            .Select((item, i) => new Route
            {
                Id = RouteId.FromBody(item.Body).Value,
                Type = item.Rule.Redirect ? "redirect" : "rewrite",
                Source = item.Rule.Source,
                Destination = item.Rule.Destination,
                Priority = i,
            }),
    ];

    /// <exception cref="RefusedException">The service is not a static site.</exception>
    public static void RequireSite(this ServiceRow service)
    {
        if (service.Type != ServiceType.StaticSite)
            throw Refusal.Invalid($"serviceId: '{service.Name}' is not a static site; only static sites have headers and routes.");
    }

    /// <summary>Converts <c>headers[2].value</c> to the field of a body that is the list: <c>[2].value</c>.</summary>
    public static string FieldOfList(string path) => path.IndexOf('[', StringComparison.Ordinal) is >= 0 and var at ? path[at..] : path;

    /// <summary>Converts <c>headers[2].value</c> to the field of a body that is one item: <c>value</c>.</summary>
    public static string FieldOfOne(string path) => path[(path.LastIndexOf('.') + 1)..];

    /// <summary>Returns the rules with their ids. Equal rules get different ids.</summary>
    private static IEnumerable<(T Rule, string Body)> Ids<T>(string service, IReadOnlyList<T> rules, Func<T, string[]> parts)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            var number = 0;
            string body;
            do
                body = Digest([service, .. parts(rule), $"{number++}"]);
            while (!seen.Add(body));
            yield return (rule, body);
        }
    }

    private static string Digest(IEnumerable<string> parts) =>
        IdBody.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))).AsSpan(0, IdBytes));

    private static bool IsRedirect(string type, string field) => type switch
    {
        "redirect" => true,
        "rewrite" => false,
        _ => throw RequestValues.Unknown($"{field}.type".TrimStart('.'), type, "redirect or rewrite"),
    };
}
