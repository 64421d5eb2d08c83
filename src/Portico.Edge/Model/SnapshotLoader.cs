using System.Text.Json;
using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>Takes the newest snapshot file into service, or says why not and keeps the last good one.</summary>
/// <remarks>Called by one thread at a time.</remarks>
internal sealed partial class SnapshotLoader(
    EdgeOptions options, ModelStore store, InFlightRegistry registry, ActivityRegistry activities, ILogger<SnapshotLoader> logger)
{
    private readonly ModelBuilder _builder = new(registry, activities);
    private byte[] _served = [];
    private string? _refused;

    /// <summary>Why the newest file was refused; null when it was not.</summary>
    public string? Refused => Volatile.Read(ref _refused);

    /// <summary>Serves what was served before the restart, then what is newer.</summary>
    public void LoadFirst()
    {
        if (File.Exists(options.LastGoodFile) && Take(options.LastGoodFile) is { } error)
            LogLastGoodUnreadable(options.LastGoodFile, error);
        Load();
    }

    public void Load()
    {
        if (!File.Exists(options.SnapshotFile))
            return;
        var refused = Take(options.SnapshotFile);
        if (refused is not null && refused != _refused)
            LogRefused(options.SnapshotFile, refused, store.Current.Version);
        Volatile.Write(ref _refused, refused);
    }

    private string? Take(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            if (bytes.AsSpan().SequenceEqual(_served))
                return null;
            var snapshot = JsonSerializer.Deserialize(bytes, RoutingJson.Default.RoutesSnapshot);
            return snapshot is null ? "it says null" : Take(snapshot, bytes);
        }
        catch (JsonException exception)
        {
            return $"it is not a routes snapshot: {exception.Message}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be read: {exception.Message}";
        }
        catch (Exception exception)
        {
            // Whatever is wrong with it, what is served now is better than an edge that stops looking.
            return $"it cannot be served: {exception}";
        }
    }

    private string? Take(RoutesSnapshot snapshot, byte[] bytes)
    {
        var current = store.Current;
        if (snapshot.Version <= current.Version)
            return $"its version {snapshot.Version} is not newer than {current.Version}, which is served";
        if (SnapshotRules.FindErrors(snapshot) is { Count: > 0 } errors)
            return $"version {snapshot.Version}: {string.Join("; ", errors)}";
        var model = _builder.Build(snapshot, current);
        // First, so that who sees the new version does not see the old refusal beside it.
        Volatile.Write(ref _refused, null);
        store.Replace(model);
        _served = bytes;
        registry.Prune(model);
        activities.Prune(model);
        Remember(bytes);
        return null;
    }

    /// <summary>A full disk must not stop the switch: the copy matters only for the next restart.</summary>
    private void Remember(byte[] bytes)
    {
        try
        {
            // Of its own: an edge that has handed over may write at the same time.
            var temporary = $"{options.LastGoodFile}.{Environment.ProcessId}";
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, options.LastGoodFile, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRemembered(options.LastGoodFile, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "{File} was refused: {Reason}. Version {Version} stays in service.")]
    private partial void LogRefused(string file, string reason, long version);

    [LoggerMessage(LogLevel.Warning, "{File} from before the restart is of no use: {Reason}.")]
    private partial void LogLastGoodUnreadable(string file, string reason);

    [LoggerMessage(LogLevel.Warning, "{File} could not be written: {Reason}. A restart of the edge may serve an older snapshot.")]
    private partial void LogNotRemembered(string file, string reason);
}
