using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>
/// Leaves out the host names of a snapshot that cannot be served. Refusing the snapshot for one of them would freeze the
/// routes of every service until it is found.
/// </summary>
internal static class SnapshotHosts
{
    /// <returns>The snapshot with the names that can be served, and what is wrong with the others.</returns>
    public static (RoutesSnapshot Served, IReadOnlyList<string> Problems) Keep(RoutesSnapshot snapshot)
    {
        var problems = new List<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var served = snapshot with
        {
            PlatformHosts = [.. snapshot.PlatformHosts.Where(host => IsServed(host, "the platform", HostName.IsName, seen, problems))],
            Services = [.. snapshot.Services.Select(service => Keep(service, seen, problems))],
        };
        return (problems.Count == 0 ? snapshot : served, problems);
    }

    private static ServiceRoute Keep(ServiceRoute service, HashSet<string> seen, List<string> problems)
    {
        string[] hosts = [.. service.Hosts.Where(host => IsServed(host, service.Name, HostName.IsName, seen, problems))];
        return service with
        {
            Hosts = hosts,
            Wildcards = [.. service.Wildcards.Where(host => IsServed(host, service.Name, HostName.IsWildcard, seen, problems))],
            Redirects = [.. service.Redirects.Where(redirect => IsServed(redirect, service.Name, hosts, problems))],
        };
    }

    private static bool IsServed(string host, string owner, Func<string, bool> isValid, HashSet<string> seen, List<string> problems)
    {
        var problem = !isValid(host) ? "is not a lower-case host name" : !seen.Add(host) ? "is listed twice" : null;
        if (problem is not null)
            problems.Add($"{owner}: host '{host}' {problem} and is left out; all other hosts are served");
        return problem is null;
    }

    private static bool IsServed(HostRedirect redirect, string owner, string[] hosts, List<string> problems)
    {
        if (redirect.Host != redirect.To && hosts.Contains(redirect.Host) && hosts.Contains(redirect.To))
            return true;
        problems.Add($"{owner}: '{redirect.Host}' cannot redirect to '{redirect.To}', because both must be hosts of the service");
        return false;
    }
}
