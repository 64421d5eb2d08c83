namespace Portico.ControlPlane.Shells.Ssh;

/// <summary>The user name of an SSH client: <c>srv-…</c>, <c>srv-…-INSTANCE</c>, or <c>ID.srv-…</c> for a shell in a sandbox of its own.</summary>
/// <param name="Shell">The id of a shell that waits for its client; null for a running instance.</param>
/// <param name="Instance">The end of the instance's id; null for any.</param>
internal sealed record SshName(string Service, string? Instance, string? Shell)
{
    public static SshName Parse(string name)
    {
        var (shell, rest) = name.Split('.', 2) is [var before, var after] ? (before, after) : (null, name);
        return rest.Split('-') switch
        {
            [var prefix, var body, var instance] => new SshName($"{prefix}-{body}", instance, shell),
            _ => new SshName(rest, null, shell),
        };
    }
}
