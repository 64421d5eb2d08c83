using Portico.Engines.Process.Runs;
using Portico.Hosting;

namespace Portico.Engines.Process.Sandboxes;

/// <summary>
/// The files that one workload or tool sees, and where. Without a sandbox it sees everything at its own path, so the same code
/// works in both cases.
/// </summary>
/// <param name="sandboxed">Whether there is a sandbox.</param>
internal sealed class WorkloadView(bool sandboxed)
{
    private readonly List<ShownPath> _shown = [];

    public bool IsSandboxed => sandboxed;

    /// <summary>What is shown, with each path after those that it lies in.</summary>
    public IEnumerable<ShownPath> Shown => _shown.OrderBy(shown => shown.Inside.Length);

    /// <summary>The directory of <see cref="Shown"/> that is shown as a copy: what is written to it goes elsewhere. Null for none.</summary>
    public string? Copied { get; private set; }

    /// <returns>The path at which the workload sees it.</returns>
    public string Show(string host, string inside, bool writable = false)
    {
        if (!sandboxed)
            return host;
        if (_shown.FirstOrDefault(shown => shown.Inside == inside) is { } before && before.Host != host)
            throw new ArgumentException($"'{before.Host}' and '{host}' cannot both be shown at '{inside}'.", nameof(inside));
        _shown.RemoveAll(shown => shown.Inside == inside);
        _shown.Add(new ShownPath(host, inside, writable));
        return inside;
    }

    /// <summary>Shows a directory that can be written to without changing it.</summary>
    public string ShowCopy(string host, string inside)
    {
        Copied = host;
        return Show(host, inside, writable: true);
    }

    /// <summary>Returns the path at which the workload sees a file or directory.</summary>
    public string Seen(string host)
    {
        // A path that was resolved differs from the one that was shown if the engine's home is reached through a link.
        var all = _shown.Concat(_shown.Select(shown => shown with { Host = RealPath.Resolve(shown.Host) ?? shown.Host }));
        var shown = all.Where(shown => ContainedPath.IsInside(shown.Host, host)).MaxBy(shown => shown.Host.Length);
        return shown is null ? host : shown.Inside + host[shown.Host.Length..];
    }

    /// <summary>Shows a directory at its own path, and at the path that it has without links.</summary>
    public void ShowTree(string host, bool writable)
    {
        Show(host, host, writable);
        if (RealPath.Resolve(host) is { } real && real != host)
            Show(real, real, writable);
    }
}

internal sealed record ShownPath(string Host, string Inside, bool IsWritable);
