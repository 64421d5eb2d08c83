namespace Portico.ControlPlane.Access;

/// <summary>Collects which workspaces and resources a request concerns. Each of the workspaces gets an entry in its audit log.</summary>
internal sealed class AuditTargets
{
    private readonly HashSet<string> _workspaces = [];
    private readonly HashSet<string> _events = [];

    public IReadOnlyCollection<string> Workspaces => _workspaces;

    /// <summary>The id of the created resource, which is not in the path.</summary>
    public string? Resource { get; set; }

    /// <summary>Names of the events, for an endpoint that makes several kinds of changes. If empty, the endpoint's own name is used.</summary>
    public IReadOnlyCollection<string> Events => _events;

    /// <summary>Whether the request asks what would change, and changes nothing: the audit log has no entry for it.</summary>
    public bool OnlyLooks { get; set; }

    public void Add(string workspace) => _workspaces.Add(workspace);

    /// <param name="name">The name of the event in Render's audit log.</param>
    /// <param name="happens">Whether this request makes this change.</param>
    public void Call(string name, bool happens)
    {
        if (happens)
            _events.Add(name);
    }
}
