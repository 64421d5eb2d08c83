namespace Portico.Cli.Autostart;

/// <summary>The systemd unit that starts a platform at boot.</summary>
/// <param name="Home">PORTICO_HOME.</param>
/// <param name="Command">The program that starts the platform, by its absolute path, and its arguments.</param>
/// <param name="EnvironmentFile">The file that holds its variables. They may be secret, so they are not in the unit.</param>
/// <param name="Needed">A file that exists as long as the platform does.</param>
/// <param name="OfUser">Whether the unit is for a user's own systemd, which cannot wait for the network or for mounts.</param>
internal sealed record UnitText(string Home, IReadOnlyList<string> Command, string EnvironmentFile, string Needed, bool OfUser)
{
    public override string ToString() => $"""
        # Written by `portico autostart enable`; `portico autostart disable` removes it.
        [Unit]
        Description=Portico in {Plain(Home)}
        {Order}ConditionPathExists={Plain(Needed)}

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        EnvironmentFile={Plain(EnvironmentFile)}
        ExecStart={string.Join(' ', Command.Select(Argument))}
        # Stopping this unit does not stop running services; `portico down` does.
        KillMode=process
        SendSIGKILL=no
        Delegate=yes
        OOMPolicy=continue
        TasksMax=infinity
        # The command waits until resumed deploys are done.
        TimeoutStartSec=infinity
        # Exit code 1: the platform runs, but a resource does not recover. 2: a setting is wrong.
        # Anything else is worth a retry, for example a port that is in use.
        Restart=on-failure
        RestartPreventExitStatus=1 2
        RestartSec=30

        [Install]
        WantedBy={Target(OfUser)}

        """;

    public static string Target(bool ofUser) => ofUser ? "default.target" : "multi-user.target";

    /// <summary>Returns a line of an environment file.</summary>
    public static string Variable(string name, string value) =>
        $"{name}=\"{string.Concat(value.Select(letter => letter is '\\' or '"' or '$' or '`' ? $"\\{letter}" : $"{letter}"))}\"";

    private string Order => OfUser ? "" : $"""
        Wants=network-online.target
        After=network-online.target local-fs.target
        RequiresMountsFor={Quoted(Home)}

        """;

    /// <summary>Escapes the value of a setting that takes a single value: only specifiers are expanded there.</summary>
    private static string Plain(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    private static string Quoted(string text) =>
        $"\"{Plain(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Escapes a word of a command line, where systemd also expands variables.</summary>
    private static string Argument(string text, int index) =>
        index == 0 ? Quoted(text) : Quoted(text).Replace("$", "$$", StringComparison.Ordinal);
}
