using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Portico.Core.Engines;
using Portico.Hosting;

namespace Portico.Engines.Process.Logs;

/// <summary>Manages all logs: one file per run, and one per instance, named so that they sort by the instances' creation times.</summary>
/// <param name="kept">How many logs of deleted instances are kept per owner.</param>
internal sealed class LogStore(EngineHome home, int kept, TimeProvider time)
{
    private const string Extension = ".log";
    private static readonly TimeSpan FollowPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The logs of instances, with their owners, in memory so that listing them reads no directory.</summary>
    private readonly ConcurrentDictionary<string, string> _owners = new();

    /// <summary>The path and owner of each instance's log, including logs of deleted instances.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> OfInstances => [.. _owners];

    /// <summary>Finds the logs that an earlier engine created.</summary>
    public void Adopt()
    {
        foreach (var directory in DirectoryEntries.Directories(home.Logs))
            foreach (var path in DirectoryEntries.Files(directory, "*" + Extension))
                _owners[path] = FileName.ToId(Path.GetFileName(directory));
    }

    public void MakeDirectory(string owner) => EngineHome.MakePrivate(home.OwnerLogs(owner));

    /// <summary>Returns the path for the log of a new instance.</summary>
    public string Add(string owner, InstanceId instance)
    {
        var made = time.GetUtcNow().ToUnixTimeMilliseconds().ToString("D13", CultureInfo.InvariantCulture);
        var path = Path.Combine(home.OwnerLogs(owner), $"{made}.{FileName.Of(instance.Value)}{Extension}");
        _owners[path] = owner;
        return path;
    }

    /// <summary>Returns the instance's id from a file name: the text between the first dot, which follows the time, and the extension.</summary>
    public static string InstanceOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return FileName.ToId(name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]);
    }

    public string PathOf(string owner, string fileName) => Path.Combine(home.OwnerLogs(owner), fileName);

    public string OfRun(RunId id) => Path.Combine(home.Run(id), "log");

    /// <summary>Deletes the oldest logs of deleted instances.</summary>
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

    /// <param name="runIsOver">Tells whether a run has ended, so that its log is complete.</param>
    public IAsyncEnumerable<LogLine> ReadAsync(LogQuery query, Func<RunId, bool> runIsOver, CancellationToken cancellationToken) => query switch
    {
        { Run: { } run } => ReadAsync(query, () => [OfRun(run)], _ => run.Value, () => runIsOver(run), cancellationToken),
        { Instance: { } instance } => ReadAsync(query, () => OfInstance(instance), InstanceOf, () => false, cancellationToken),
        { Owner: { } owner } => ReadAsync(query, () => OfOwner(owner), InstanceOf, () => false, cancellationToken),
        _ => throw new ArgumentException("The query must name an owner, an instance or a run.", nameof(query)),
    };

    private async IAsyncEnumerable<LogLine> ReadAsync(
        LogQuery query, Func<IReadOnlyList<string>> find, Func<string, string> sourceOf, Func<bool> isOver,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursors = Open(find(), query.Tail, sourceOf);
        while (true)
        {
            // Checked before reading, so that everything up to the end is read.
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

    /// <summary>Returns where to start reading. With a tail, it goes back from the newest file until there are enough lines.</summary>
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

    private string[] OfOwner(string owner) => [.. DirectoryEntries.Files(home.OwnerLogs(owner), "*" + Extension).Order(StringComparer.Ordinal)];

    private string[] OfInstance(InstanceId instance) =>
        DirectoryEntries.Files(home.Logs, $"*.{FileName.Of(instance.Value)}{Extension}", SearchOption.AllDirectories);
}
