using Microsoft.Extensions.Caching.Memory;

namespace Portico.ControlPlane.Sources;

/// <content>Caches facts about commits, which never change, so that git is called once and not in every step of every deploy.</content>
internal sealed partial class SourceStore : IDisposable
{
    /// <summary>The size limit of the cache, in characters.</summary>
    private const int MostFacts = 1_000_000;

    private readonly MemoryCache _facts = new(new MemoryCacheOptions { SizeLimit = MostFacts });

    public void Dispose()
    {
        _facts.Dispose();
        _objects.Dispose();
    }

    /// <param name="name">The name of the fact. It starts with the full id of a commit or tree.</param>
    /// <param name="read">Reads the fact. It returns null if the object does not exist yet, which may change.</param>
    private async Task<string?> FactAsync(string repository, string name, Func<Task<string?>> read)
    {
        if (_facts.TryGetValue((repository, name), out string? known))
            return known;
        if (await read() is not { } fact)
            return null;
        return _facts.Set((repository, name), fact, new MemoryCacheEntryOptions { Size = repository.Length + name.Length + fact.Length });
    }
}
