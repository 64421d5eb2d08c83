using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Logs;

/// <summary>Prefixes log lines with the last part of the instance's id when more than one instance writes.</summary>
internal sealed class SourcePrefix(Style style, bool severalExpected)
{
    private const string Deploy = "dep-";

    private readonly Dictionary<string, int> _sources = new(StringComparer.Ordinal);

    public string Of(LogEntry entry)
    {
        // Lines about a deploy come from the platform, not from an instance.
        if (entry.Source.StartsWith(Deploy, StringComparison.Ordinal))
            return "";
        if (!_sources.TryGetValue(entry.Source, out var number))
            _sources[entry.Source] = number = _sources.Count;
        if (!severalExpected && _sources.Count < 2)
            return "";
        Func<string, string>[] paints = [style.Cyan, style.Green, style.Yellow];
        return paints[number % paints.Length](entry.Source[(entry.Source.LastIndexOf('-') + 1)..]) + " ";
    }
}
