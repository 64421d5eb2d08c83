using System.Net;
using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>Checks whether a snapshot can be served, and finds all of its errors at once. Host names are left to <see cref="SnapshotHosts"/>.</summary>
internal static class SnapshotRules
{
    public static IReadOnlyList<string> FindErrors(RoutesSnapshot snapshot)
    {
        if (HasNulls(snapshot))
            return ["a list holds null"];
        var errors = new List<string>();
        if (snapshot.Version <= 0)
            errors.Add($"version is {snapshot.Version}; expected 1 or more");
        if (!Path.IsPathFullyQualified(snapshot.ServerSocket))
            errors.Add("serverSocket is not an absolute path");
        CheckServices(snapshot, errors);
        CheckDataStores(snapshot, errors);
        CheckSources(snapshot, errors);
        CheckLimits(snapshot.Limits, errors);
        NetworkRules.Check(snapshot, errors);
        return errors;
    }

    private static bool HasNulls(RoutesSnapshot snapshot) =>
        snapshot.PlatformHosts.Contains(null!) || snapshot.Services.Any(service => service is null
            || service.Hosts.Contains(null!) || service.Redirects.Contains(null!) || service.Wildcards.Contains(null!) || service.Instances.Contains(null!)
            || service.Site is { } site && (site.Routes.Contains(null!) || site.Headers.Contains(null!)))
        || snapshot.DataStores.Contains(null!) || snapshot.LoopbackStores.Contains(null!)
        || snapshot.Network is { } network && (network.Networks.Contains(null!) || network.Stores.Contains(null!));

    private static void CheckServices(RoutesSnapshot snapshot, List<string> errors)
    {
        var ports = new HashSet<int>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var service in snapshot.Services)
        {
            if (service.InternalPort is { } port && !(IsPort(port) && ports.Add(port)))
                errors.Add($"{service.Name}: internal port {port} is not a port or is given twice");
            if (service.Site is { } site && !Path.IsPathFullyQualified(site.Directory))
                errors.Add($"{service.Name}: the site's directory is not an absolute path");
            foreach (var instance in service.Instances)
            {
                if (!ids.Add(instance.Id))
                    errors.Add($"{service.Name}: instance '{instance.Id}' is listed twice");
                if (!IsPort(instance.Port) || Uri.CheckHostName(instance.Host) == UriHostNameType.Unknown)
                    errors.Add($"{service.Name}: instance '{instance.Id}' has no valid address ({instance.Host}:{instance.Port})");
            }
        }
    }

    private static void CheckDataStores(RoutesSnapshot snapshot, List<string> errors)
    {
        var ports = snapshot.Services.Select(service => service.InternalPort).OfType<int>().ToHashSet();
        foreach (var store in snapshot.DataStores)
        {
            if (!IsPort(store.ExternalPort) || !ports.Add(store.ExternalPort))
                errors.Add($"{store.Name}: external port {store.ExternalPort} is not a port or is given twice");
            if (!IsPort(store.Port))
                errors.Add($"{store.Name}: {store.Port} is not a port");
            if (store.Host is { } host && !IPAddress.TryParse(host, out _))
                errors.Add($"{store.Name}: '{host}' is not an address");
        }
        foreach (var port in snapshot.LoopbackStores.Select(store => store.LoopbackPort).Concat(snapshot.Network is { } network ? [network.EdgePort] : []))
            if (!IsPort(port) || !ports.Add(port))
                errors.Add($"port {port} is not a port or is given twice");
    }

    /// <summary>A range that cannot be parsed would admit or refuse the wrong addresses.</summary>
    private static void CheckSources(RoutesSnapshot snapshot, List<string> errors)
    {
        var lists = snapshot.Services.Select(service => (service.Name, Sources: service.AllowedSources ?? []))
            .Concat(snapshot.DataStores.Select(store => (store.Name, Sources: store.AllowedSources)))
            .Append(("trustedProxies", snapshot.TrustedProxies));
        foreach (var (name, sources) in lists)
        {
            foreach (var source in sources.Where(source => !SourceRange.TryParse(source, out _)))
                errors.Add($"{name}: '{source}' is not a range of addresses");
        }
    }

    private static void CheckLimits(ClientLimits limits, List<string> errors)
    {
        if (new[] { limits.TargetBytes, limits.HeaderBytes, limits.HeaderFields, limits.Connections, limits.ConnectionsPerAddress }.Any(limit => limit <= 0))
            errors.Add("a limit is not positive");
    }

    private static bool IsPort(int port) => port is > 0 and <= 65535;
}
