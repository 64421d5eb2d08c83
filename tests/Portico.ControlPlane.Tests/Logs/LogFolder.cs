using Microsoft.Extensions.Logging.Abstractions;
using Portico.ControlPlane.Logs;

namespace Portico.ControlPlane.Tests.Logs;

/// <summary>A folder with a store in it, removed at the end.</summary>
internal sealed class LogFolder : IDisposable
{
    private readonly List<LogStore> _stores = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("portico-logs-").FullName;

    public string File => Path.Combine(Folder, "logs.db");

    /// <summary>A store on the same file as any before: what a new process sees, whether or not the one before let go.</summary>
    public LogStore Open()
    {
        var store = new LogStore(File, NullLogger<LogStore>.Instance);
        _stores.Add(store);
        store.Open();
        return store;
    }

    public void Dispose()
    {
        foreach (var store in _stores)
            store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

internal static class Sample
{
    public static IReadOnlyDictionary<string, long> Nowhere { get; } = new Dictionary<string, long>();

    public static LogLabels Labels(string resource = "srv-a", LogType type = LogType.App, LogSeverity level = LogSeverity.Info, string? instance = null) =>
        new() { Resource = resource, Type = type, Level = level, Instance = instance };

    public static NewLog Line(string message, long at = 0, LogLabels? labels = null, string? path = null) => new(new LogTime(at), labels ?? Labels(), message, path);

    public static LogFilter Filter(params IReadOnlyList<string> resources) => new() { Resources = resources.Count == 0 ? ["srv-a"] : resources };

    public static LogRange Always { get; } = new(default, LogTime.End);

    public static IReadOnlyList<string> Messages(this LogPage page) => [.. page.Logs.Select(line => line.Message)];

    public static IReadOnlyList<string> All(this LogStore store, LogFilter? filter = null) =>
        new LogSearch(store, TimeProvider.System).Find(filter ?? Filter(), Always, LogOrder.OldestFirst, int.MaxValue, CancellationToken.None).Messages();
}
