using Portico.Blueprint.Model;

namespace Portico.Blueprint.References;

/// <summary>The resources outside of the file that it may refer to.</summary>
public sealed record KnownResources
{
    public static KnownResources None { get; } = new();

    /// <summary>The names of services, each with the keys of its variables.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Services { get; init; } =
        new Dictionary<string, IReadOnlySet<string>>();

    public IReadOnlySet<string> KeyValues { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> Databases { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> EnvGroups { get; init; } = new HashSet<string>();

    /// <summary>Takes everything in a file, for example in the export of a platform.</summary>
    public static KnownResources In(BlueprintFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new KnownResources
        {
            Services = file.AllServices().DistinctBy(item => item.Resource.Name).ToDictionary(
                item => item.Resource.Name, item => (IReadOnlySet<string>)Keys(item.Resource)),
            KeyValues = file.AllKeyValues().Select(item => item.Resource.Name).ToHashSet(),
            Databases = file.AllDatabases().Select(item => item.Resource.Name).ToHashSet(),
            EnvGroups = file.AllEnvGroups().Select(item => item.Resource.Name).ToHashSet(),
        };
    }

    private static HashSet<string> Keys(ServiceSpec service) =>
        (service.EnvVars ?? []).OfType<EnvVar>().Select(variable => variable.Key).ToHashSet();
}
