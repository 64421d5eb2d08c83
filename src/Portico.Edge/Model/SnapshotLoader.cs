using System.Text.Json;
using Portico.Core.Routing;
using Portico.Hosting;

namespace Portico.Edge.Model;

/// <summary>Serves the newest snapshot file, or refuses it with a reason and keeps serving the last good one.</summary>
/// <remarks>One thread at a time may call it.</remarks>
internal sealed partial class SnapshotLoader(
    EdgeOptions options, ModelStore store, InFlightRegistry registry, ActivityRegistry activities, ILogger<SnapshotLoader> logger)
{
    private readonly ModelBuilder _builder = new(registry, activities);
    private byte[] _served = [], _saved = [];
    private string? _refused, _notSaved;

    /// <summary>Why the newest file was refused; null when it was not.</summary>
    public string? Refused => Volatile.Read(ref _refused);

    /// <summary>Why the served snapshot could not be saved for the next start; null when it was.</summary>
    public string? NotSaved => Volatile.Read(ref _notSaved);

    /// <summary>Serves what was served before the restart, then what is newer. Whatever is wrong with the files, the edge starts.</summary>
    public void LoadFirst()
    {
        try
        {
            if (File.Exists(options.LastGoodFile) && Take(options.LastGoodFile) is { } error)
                LogLastGoodUnusable(options.LastGoodFile, error);
            _saved = _served;
            Load();
        }
        catch (Exception exception)
        {
            // The watcher loads the file again, and reports what fails then.
            LogNotLoaded(exception, options.SnapshotFile);
        }
    }

    /// <exception cref="IOException">The file cannot be read now. Unlike a file that is wrong, this may pass without a new snapshot.</exception>
    public void Load()
    {
        if (!File.Exists(options.SnapshotFile))
        {
            if (!Directory.Exists(options.RunDirectory))
                throw new DirectoryNotFoundException($"{options.RunDirectory} is not a directory, so no new snapshot can be read.");
            return;
        }
        string? refused;
        try
        {
            refused = Take(options.SnapshotFile);
        }
        catch (Exception exception)
        {
            Volatile.Write(ref _refused, $"it cannot be served: {exception.Message}");
            throw;
        }
        if (refused is not null && refused != _refused)
            LogRefused(options.SnapshotFile, refused, store.Current.Version);
        Volatile.Write(ref _refused, refused);
    }

    /// <summary>Saves the served snapshot for the next start. A full disk must not stop the edge from serving, so a failure is only reported.</summary>
    public void Save()
    {
        if (ReferenceEquals(_saved, _served))
            return;
        try
        {
            // Under a name of its own: an edge that has handed over may save at the same time.
            var temporary = $"{options.LastGoodFile}.{Environment.ProcessId}";
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                file.Write(_served);
                file.Flush(flushToDisk: true);
            }
            DurableFile.Replace(temporary, options.LastGoodFile);
            _saved = _served;
            Volatile.Write(ref _notSaved, null);
        }
        catch (Exception exception)
        {
            if (_notSaved is null)
                LogNotSaved(options.LastGoodFile, exception.Message);
            Volatile.Write(ref _notSaved, $"{options.LastGoodFile} cannot be written: {exception.Message}");
        }
    }

    /// <returns>Why the file is refused; null when it is served.</returns>
    private string? Take(string file)
    {
        var bytes = File.ReadAllBytes(file);
        if (bytes.AsSpan().SequenceEqual(_served))
            return null;
        try
        {
            var snapshot = JsonSerializer.Deserialize(bytes, RoutingJson.Default.RoutesSnapshot);
            return snapshot is null ? "it contains null" : Take(snapshot, bytes);
        }
        catch (JsonException exception)
        {
            return $"it is not a routes snapshot: {exception.Message}";
        }
    }

    private string? Take(RoutesSnapshot snapshot, byte[] bytes)
    {
        var current = store.Current;
        if (snapshot.Version <= current.Version)
            return $"its version {snapshot.Version} is not newer than {current.Version}, which is served";
        if (SnapshotRules.FindErrors(snapshot) is { Count: > 0 } errors)
            return $"version {snapshot.Version}: {string.Join("; ", errors)}";
        var (served, problems) = SnapshotHosts.Keep(snapshot);
        var model = _builder.Build(served, current, problems);
        // First, so that a reader who sees the new version does not see the old refusal beside it.
        Volatile.Write(ref _refused, null);
        store.Replace(model);
        _served = bytes;
        registry.Prune(model);
        activities.Prune(model);
        return null;
    }

    [LoggerMessage(EventName = "SnapshotRefused", Level = LogLevel.Error, Message = "Refused {File}: {Reason}. Version {Version} is still served.")]
    private partial void LogRefused(string file, string reason, long version);

    [LoggerMessage(EventName = "SnapshotNotLoaded", Level = LogLevel.Error, Message = "Cannot load {File} at start. It is retried.")]
    private partial void LogNotLoaded(Exception exception, string file);

    [LoggerMessage(EventName = "LastGoodUnusable", Level = LogLevel.Warning, Message = "Cannot serve {File}, which an earlier edge saved: {Reason}.")]
    private partial void LogLastGoodUnusable(string file, string reason);

    [LoggerMessage(EventName = "SnapshotNotSaved", Level = LogLevel.Warning, Message = "Cannot write {File}: {Reason}. If the edge restarts now, it may serve an older snapshot.")]
    private partial void LogNotSaved(string file, string reason);
}
