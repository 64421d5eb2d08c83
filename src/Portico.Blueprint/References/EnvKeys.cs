using Portico.Blueprint.Model;

namespace Portico.Blueprint.References;

/// <summary>Knows the variables of a service: its own, those of its groups, and the platform's.</summary>
internal sealed class EnvKeys(
    IReadOnlyDictionary<string, ServiceSpec> services, IReadOnlyDictionary<string, EnvGroupSpec> groups)
{
    // Indexes for one look-up per reference: without them, n references would cost n² steps.
    private readonly Dictionary<string, HashSet<string>> _cache = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _unseen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, EnvVar>> _own = new(StringComparer.Ordinal);

    public bool Has(ServiceSpec service, string key, KnownResources known) =>
        ReferenceProperties.PlatformVariables.Contains(key) || Of(service).Contains(key)
        || (known.Services.TryGetValue(service.Name, out var kept) && kept.Contains(key)) || HasUnseenGroup(service, known);

    public IReadOnlySet<string> Of(ServiceSpec service)
    {
        if (_cache.TryGetValue(service.Name, out var keys))
            return keys;
        keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in service.EnvVars ?? [])
            if (entry is EnvVar variable)
                keys.Add(variable.Key);
            else if (entry is EnvGroupLink link && groups.TryGetValue(link.Group, out var group))
                keys.UnionWith(group.EnvVars.OfType<EnvVar>().Select(item => item.Key));
        return _cache[service.Name] = keys;
    }

    /// <summary>Whether the service uses a group outside of the file, whose variables are unknown here.</summary>
    private bool HasUnseenGroup(ServiceSpec service, KnownResources known)
    {
        if (!_unseen.TryGetValue(service.Name, out var unseen))
            _unseen[service.Name] = unseen = FindUnseenGroup(service, known);
        return unseen;
    }

    private bool FindUnseenGroup(ServiceSpec service, KnownResources known) =>
        (service.EnvVars ?? []).OfType<EnvGroupLink>().Any(link => !groups.ContainsKey(link.Group) && known.EnvGroups.Contains(link.Group));

    /// <summary>Returns the variable that a reference points to, when that is itself a reference to a variable in this file.</summary>
    public (ServiceSpec Service, EnvVar Variable)? Follow(EnvVar variable)
    {
        if (variable.Value is not ServiceReference { EnvVarKey: { } key } reference)
            return null;
        if (!services.TryGetValue(reference.Name, out var service))
            return null;
        var target = Own(service, key);
        return target is null ? null : (service, target);
    }

    private EnvVar? Own(ServiceSpec service, string key)
    {
        if (!_own.TryGetValue(service.Name, out var own))
        {
            own = new Dictionary<string, EnvVar>(StringComparer.Ordinal);
            foreach (var variable in (service.EnvVars ?? []).OfType<EnvVar>())
                own.TryAdd(variable.Key, variable);
            _own[service.Name] = own;
        }
        return own.GetValueOrDefault(key);
    }
}
