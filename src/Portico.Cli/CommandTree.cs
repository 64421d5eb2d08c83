using System.CommandLine;
using System.CommandLine.Help;
using Portico.Cli.Commands;
using Portico.Cli.Hosting;

namespace Portico.Cli;

/// <summary>Lists all commands. Each is defined in one file of <c>Commands/</c>.</summary>
internal static class CommandTree
{
    public static RootCommand Create(CliHost host)
    {
        var examples = new Dictionary<Command, string[]>();
        var root = new RootCommand("Run multi-service apps from a render.yaml on your own machines.");
        foreach (var (command, lines) in All(host))
        {
            root.Subcommands.Add(command);
            examples[command] = lines;
        }
        examples[root] = ["portico up              # run the render.yaml here", "portico status", "portico logs api --tail", "portico down"];
        AddExamplesToHelp(root, examples);
        return root;
    }

    private static IEnumerable<(Command Command, string[] Examples)> All(CliHost host) =>
    [
        UpCommand.Create(host),
        InitCommand.Create(host),
        StartCommand.Create(host),
        StatusCommand.Create(host),
        LogsCommand.Create(host),
        OpenCommand.Create(host),
        DashboardCommand.Create(host),
        PsqlCommand.Create(host),
        ShellCommand.Create(host),
        RunCommand.Create(host),
        CreateCommand.Create(host),
        UpdateCommand.Create(host),
        EnvCommand.Create(host),
        DeployCommand.Create(host),
        DeploysCommand.Create(host),
        RollbackCommand.Create(host),
        RestartCommand.Create(host),
        ScaleCommand.Create(host),
        SuspendCommand.Create(host),
        ResumeCommand.Create(host),
        DeleteCommand.Create(host),
        DomainsCommand.Create(host),
        EventsCommand.Create(host),
        MetricsCommand.Create(host),
        JobsCommand.Create(host),
        CronCommand.Create(host),
        DbCommand.Create(host),
        DownCommand.Create(host),
        ReloadCommand.Create(host),
        AutostartCommand.Create(host),
        BlueprintCommand.Create(host),
        MembersCommand.Create(host),
        GitRemoteCommand.Create(host),
        KeysCommand.Create(host),
        SshKeysCommand.Create(host),
        LoginCommand.Create(host),
        ConfigCommand.Create(host),
        DoctorCommand.Create(host),
        CompletionCommand.Create(host),
    ];

    private static void AddExamplesToHelp(RootCommand root, Dictionary<Command, string[]> examples)
    {
        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help })
                option.Action = new HelpWithExamples(help, examples);
            else if (option is VersionOption)
                option.Action = new ShowVersion();
        }
    }
}
