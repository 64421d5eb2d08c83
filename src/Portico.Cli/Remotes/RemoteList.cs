using System.Text.Json.Serialization;

namespace Portico.Cli.Remotes;

/// <summary>The platforms that the user has logged in to.</summary>
/// <param name="Current">The name of the one that commands use; null for the platform on this machine.</param>
internal sealed record RemoteList(string? Current, IReadOnlyList<Remote> Remotes)
{
    public static RemoteList Empty { get; } = new(null, []);

    [JsonIgnore]
    public Remote? Chosen => Find(Current);

    public Remote? Find(string? name) => Remotes.FirstOrDefault(item => item.Name == name);

    /// <summary>Adds or replaces a remote, and chooses it.</summary>
    public RemoteList With(Remote remote) => new(remote.Name, [.. Remotes.Where(item => item.Name != remote.Name), remote]);

    public RemoteList Without(string name) => new(Current == name ? null : Current, [.. Remotes.Where(item => item.Name != name)]);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RemoteList))]
internal sealed partial class RemoteJson : JsonSerializerContext;
