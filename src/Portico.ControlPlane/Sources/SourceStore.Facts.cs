using Microsoft.Extensions.Caching.Memory;

namespace Portico.ControlPlane.Sources;

/// <content>What commits say never changes: git is asked once, and not by every step of every service's deploy.</content>
public sealed partial class SourceStore : IDisposable
{
    /// <summary>In characters.</summary>
    private const int MostFacts = 1_000_000;

    private readonly MemoryCache _facts = new(new MemoryCacheOptions { SizeLimit = MostFacts });

    public void Dispose() => _facts.Dispose();

    /// <param name="name">Starts with the full id of a commit or tree.</param>
    /// <param name="read">Null where it is not here; that may change.</param>
    private async Task<string?> FactAsync(string repository, string name, Func<Task<string?>> read)
    {
        if (_facts.TryGetValue((repository, name), out string? known))
            return known;
        if (await read() is not { } fact)
            return null;
        return _facts.Set((repository, name), fact, new MemoryCacheEntryOptions { Size = repository.Length + name.Length + fact.Length });
    }
}
