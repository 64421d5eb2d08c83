namespace Portico.Cli.Autostart;

/// <summary>The systemd unit that starts a platform with its machine.</summary>
/// <param name="Home">PORTICO_HOME.</param>
/// <param name="Command">What starts it: a program by its absolute path, and its arguments.</param>
/// <param name="EnvironmentFile">Its variables, which may be secret and are therefore not in the unit.</param>
/// <param name="Needed">Is there only while there is a platform.</param>
/// <param name="OfUser">For a user's own systemd, which knows nothing of the network and of mounts.</param>
internal sealed record UnitText(string Home, IReadOnlyList<string> Command, string EnvironmentFile, string Needed, bool OfUser)
{
    public override string ToString() => $"""
        # Made by `portico autostart enable`; `portico autostart disable` removes it.
        [Unit]
        Description=Portico in {Plain(Home)}
        {Order}ConditionPathExists={Plain(Needed)}

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        EnvironmentFile={Plain(EnvironmentFile)}
        ExecStart={string.Join(' ', Command.Select(Argument))}
        # What runs is the platform's: `portico down` ends it, and stopping this unit ends nothing.
        KillMode=process
        SendSIGKILL=no
        Delegate=yes
        OOMPolicy=continue
        TasksMax=infinity
        # It waits for deploys that go on.
        TimeoutStartSec=infinity
        # 1: it runs, but something in it does not get well. 2: a setting is wrong. Otherwise it may start a moment later,
        # for example because its port is taken.
        Restart=on-failure
        RestartPreventExitStatus=1 2
        RestartSec=30

        [Install]
        WantedBy={Target(OfUser)}

        """;

    public static string Target(bool ofUser) => ofUser ? "default.target" : "multi-user.target";

    /// <summary>A line of an environment file.</summary>
    public static string Variable(string name, string value) =>
        $"{name}=\"{string.Concat(value.Select(letter => letter is '\\' or '"' or '$' or '`' ? $"\\{letter}" : $"{letter}"))}\"";

    private string Order => OfUser ? "" : $"""
        Wants=network-online.target
        After=network-online.target local-fs.target
        RequiresMountsFor={Quoted(Home)}

        """;

    /// <summary>Settings of one value take it as it is, but for specifiers.</summary>
    private static string Plain(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    private static string Quoted(string text) =>
        $"\"{Plain(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>In a command variables are put in too.</summary>
    private static string Argument(string text, int index) =>
        index == 0 ? Quoted(text) : Quoted(text).Replace("$", "$$", StringComparison.Ordinal);
}
