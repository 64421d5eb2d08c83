using Portico.Core.Services;

namespace Portico.Core.Variables;

/// <summary>
/// Computes a service's variables from its groups, its own variables and their references. A later one wins:
/// platform variables, then groups in order, then its own.
/// </summary>
public sealed class VariableResolver(VariableWorld world)
{
    private const string PortKey = "PORT";

    /// <summary>The problems are for people; the variables are complete only when there are none.</summary>
    public ResolvedVariables Resolve(string service, IReadOnlyDictionary<string, string> platform)
    {
        var identity = world.Services[service];
        var problems = new List<string>();
        var values = new Dictionary<string, string>(platform, StringComparer.Ordinal);
        foreach (var (key, source) in SourcesOf(identity))
        {
            if (ValueOf(source, [$"{identity.Name}.{key}"], problems) is { } value)
                values[key] = value;
        }
        return new ResolvedVariables(values, problems);
    }

    /// <summary>Explains why a variable has no value, for people; null if it has one.</summary>
    /// <param name="owner">The name of the service or env group that has the variable.</param>
    public string? Explain(string owner, string key, EnvVarSource source)
    {
        var problems = new List<string>();
        ValueOf(source, [$"{owner}.{key}"], problems);
        return problems.Count == 0 ? null : problems[0];
    }

    /// <summary>Variables that the platform sets on every service.</summary>
    public static IReadOnlyDictionary<string, string> OfIdentity(ServiceIdentity identity)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["IS_PULL_REQUEST"] = "false",
            ["RENDER"] = "true",
            ["RENDER_SERVICE_ID"] = identity.Id,
            ["RENDER_SERVICE_NAME"] = identity.Name,
            ["RENDER_SERVICE_TYPE"] = BlueprintType(identity.Type),
        };
        if (identity.ExternalHost is { } host)
            values["RENDER_EXTERNAL_HOSTNAME"] = host;
        if (identity.ExternalUrl is { } url)
            values["RENDER_EXTERNAL_URL"] = url;
        if (identity.DiscoveryHost is { } discovery)
            values["RENDER_DISCOVERY_SERVICE"] = discovery;
        return values;
    }

    private Dictionary<string, EnvVarSource> SourcesOf(ServiceIdentity identity)
    {
        var sources = new Dictionary<string, EnvVarSource>(StringComparer.Ordinal);
        foreach (var group in identity.Groups)
            foreach (var (key, source) in world.Groups.GetValueOrDefault(group) ?? new Dictionary<string, EnvVarSource>())
                sources[key] = source;
        foreach (var (key, source) in identity.Variables)
            sources[key] = source;
        return sources;
    }

    private string? ValueOf(EnvVarSource source, IReadOnlyList<string> chain, List<string> problems) => source switch
    {
        EnvVarSource.FromDatabase reference =>
            PropertyOf(world.Databases, "database", reference.Name, reference.Property, chain, problems),
        EnvVarSource.FromService { Type: "keyvalue" } reference =>
            PropertyOf(world.KeyValues, "Key Value store", reference.Name, reference.Property ?? "", chain, problems),
        EnvVarSource.FromService reference => FromService(reference, chain, problems),
        _ => source.OwnValue,
    };

    private static string? PropertyOf(
        IReadOnlyDictionary<string, DataStoreIdentity> stores, string kind, string name, string property,
        IReadOnlyList<string> chain, List<string> problems)
    {
        if (!stores.TryGetValue(name, out var store))
            return Problem(problems, chain, $"there is no {kind} '{name}'");
        return store.Properties.TryGetValue(property, out var value)
            ? value
            : Problem(problems, chain, $"{kind} '{name}' has no property '{property}'");
    }

    private string? FromService(EnvVarSource.FromService reference, IReadOnlyList<string> chain, List<string> problems)
    {
        if (!world.Services.TryGetValue(reference.Name, out var target))
            return Problem(problems, chain, $"there is no service '{reference.Name}'");
        return reference.EnvVarKey is { } key
            ? VariableOf(target, key, chain, problems)
            : AddressOf(target, reference.Property ?? "", chain, problems);
    }

    private string? VariableOf(ServiceIdentity target, string key, IReadOnlyList<string> chain, List<string> problems)
    {
        var link = $"{target.Name}.{key}";
        if (chain.Contains(link))
            return Problem(problems, [.. chain, link], "the references are circular");
        if (SourcesOf(target).TryGetValue(key, out var source))
            return ValueOf(source, [.. chain, link], problems);
        if (key == PortKey && target.InternalPort is { } port)
            return port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return OfIdentity(target).TryGetValue(key, out var value)
            ? value
            : Problem(problems, chain, $"service '{target.Name}' has no variable '{key}'");
    }

    private string? AddressOf(
        ServiceIdentity target, string property, IReadOnlyList<string> chain, List<string> problems) =>
        (property, target.InternalHost, target.InternalPort) switch
        {
            ("host", { } host, _) => host,
            ("port", _, { } port) => PortOf(target, port, chain, problems),
            ("hostport", { } host, { } port) => PortOf(target, port, chain, problems) is { } own ? $"{host}:{own}" : null,
            ("host", null, _) when target.ExternalHost is { } host => host,
            _ => Problem(problems, chain, $"service '{target.Name}' has no property '{property}'"),
        };

    /// <summary>A <c>PORT</c> that is set by the user wins.</summary>
    private string? PortOf(ServiceIdentity target, int port, IReadOnlyList<string> chain, List<string> problems)
    {
        if (!target.ChoosesPort || !SourcesOf(target).ContainsKey(PortKey))
            return port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return VariableOf(target, PortKey, chain, problems);
    }

    private static string? Problem(List<string> problems, IReadOnlyList<string> chain, string what)
    {
        problems.Add($"{string.Join(" → ", chain)}: {what}.");
        return null;
    }

    private static string BlueprintType(ServiceType type) => type switch
    {
        ServiceType.StaticSite => "static",
        ServiceType.WebService => "web",
        ServiceType.PrivateService => "pserv",
        ServiceType.BackgroundWorker => "worker",
        _ => "cron",
    };
}

public sealed record ResolvedVariables(IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Problems);
