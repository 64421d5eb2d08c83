using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Logs;

/// <summary>All logs: one file per instance, named so that they sort by when the instance was made, and one per run.</summary>
/// <param name="kept">How many logs of instances that are gone are kept per owner.</param>
internal sealed class LogStore(EngineHome home, int kept, TimeProvider time)
{
    private const string Extension = ".log";
    private static readonly TimeSpan FollowPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Logs of instances, with the owner of each; kept here so that asking for them touches no directory.</summary>
    private readonly ConcurrentDictionary<string, string> _owners = new();

    /// <summary>The logs of instances, those that are gone too: path and owner.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> OfInstances => [.. _owners];

    /// <summary>Finds what an earlier engine left.</summary>
    public void Adopt()
    {
        foreach (var directory in Directory.GetDirectories(home.Logs))
            foreach (var path in Directory.GetFiles(directory, "*" + Extension))
                _owners[path] = FileName.ToId(Path.GetFileName(directory));
    }

    public void MakeDirectory(string owner) => EngineHome.MakePrivate(home.OwnerLogs(owner));

    /// <summary>Names the log of a new instance.</summary>
    public string Add(string owner, InstanceId instance)
    {
        var made = time.GetUtcNow().ToUnixTimeMilliseconds().ToString("D13", CultureInfo.InvariantCulture);
        var path = Path.Combine(home.OwnerLogs(owner), $"{made}.{FileName.Of(instance.Value)}{Extension}");
        _owners[path] = owner;
        return path;
    }

    /// <summary>Between the first dot, after the time, and the extension.</summary>
    public static string InstanceOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return FileName.ToId(name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]);
    }

    public string PathOf(string owner, string fileName) => Path.Combine(home.OwnerLogs(owner), fileName);

    public string OfRun(RunId id) => Path.Combine(home.Run(id), "log");

    /// <summary>Removes the oldest logs of instances that are gone.</summary>
    public void Prune(string owner, IReadOnlySet<string> inUse)
    {
        foreach (var log in OfOwner(owner).Where(path => !inUse.Contains(path)).Reverse().Skip(kept))
        {
            File.Delete(log);
            _owners.TryRemove(log, out _);
        }
    }

    public void Delete(string owner)
    {
        if (Directory.Exists(home.OwnerLogs(owner)))
            Directory.Delete(home.OwnerLogs(owner), recursive: true);
        foreach (var (path, of) in _owners)
            if (of == owner)
                _owners.TryRemove(path, out _);
    }

    /// <param name="runIsOver">Whether the run of a query has ended, so that its log is complete.</param>
    public IAsyncEnumerable<LogLine> ReadAsync(LogQuery query, Func<RunId, bool> runIsOver, CancellationToken cancellationToken) => query switch
    {
        { Run: { } run } => ReadAsync(query, () => [OfRun(run)], _ => run.Value, () => runIsOver(run), cancellationToken),
        { Instance: { } instance } => ReadAsync(query, () => OfInstance(instance), InstanceOf, () => false, cancellationToken),
        { Owner: { } owner } => ReadAsync(query, () => OfOwner(owner), InstanceOf, () => false, cancellationToken),
        _ => throw new ArgumentException("Name an owner, an instance or a run whose log to read.", nameof(query)),
    };

    private async IAsyncEnumerable<LogLine> ReadAsync(
        LogQuery query, Func<IReadOnlyList<string>> find, Func<string, string> sourceOf, Func<bool> isOver,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursors = Open(find(), query.Tail, sourceOf);
        while (true)
        {
            // Asked before reading: what is written before the end is then surely read.
            var final = !query.Follow || isOver();
            foreach (var cursor in cursors)
                foreach (var line in cursor.Read(final))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return line;
                }
            if (final)
                yield break;
            await Task.Delay(FollowPause, time, cancellationToken);
            var known = cursors.Select(cursor => cursor.Path).ToHashSet();
            cursors = [.. cursors, .. find().Where(path => !known.Contains(path)).Select(path => new LogCursor(path, sourceOf(path)))];
        }
    }

    /// <summary>With a tail, files are counted from the newest back until there are lines enough.</summary>
    private static List<LogCursor> Open(IReadOnlyList<string> paths, int? tail, Func<string, string> sourceOf)
    {
        if (tail is not { } missing)
            return [.. paths.Select(path => new LogCursor(path, sourceOf(path)))];
        var cursors = new List<LogCursor>();
        foreach (var path in paths.Reverse())
        {
            var (offset, lines) = missing > 0 ? LogTail.Find(path, missing) : (new FileInfo(path) is { Exists: true } f ? f.Length : 0, 0);
            cursors.Insert(0, new LogCursor(path, sourceOf(path), offset));
            missing -= lines;
        }
        return cursors;
    }

    private string[] OfOwner(string owner) => !Directory.Exists(home.OwnerLogs(owner))
        ? []
        : [.. Directory.GetFiles(home.OwnerLogs(owner), "*" + Extension).Order(StringComparer.Ordinal)];

    private string[] OfInstance(InstanceId instance) =>
        [.. Directory.EnumerateFiles(home.Logs, $"*.{FileName.Of(instance.Value)}{Extension}", SearchOption.AllDirectories)];
}
