using System.CommandLine;
using System.CommandLine.Help;
using Portico.Cli.Tests.Support;
using Portico.Testing;

namespace Portico.Cli.Tests;

public sealed class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(SourceTree.PathOf("docs", "cli.md"));

    [Fact]
    public void The_page_about_the_command_lists_every_command_and_option()
    {
        using var folder = new TempFolder();
        using var terminal = new Terminal(folder);

        var commands = Leaves(CommandTree.Create(terminal.Host), "").ToList();
        var options = commands.SelectMany(item => item.Command.Options).Where(option => option is not HelpOption)
            .SelectMany(option => option.Aliases.Append(option.Name)).Distinct();

        Assert.All(commands, item => Assert.True(Lists($"`{item.Path}"), item.Path));
        Assert.All(options, option => Assert.True(Lists(option), option));
    }

    private static bool Lists(string text) =>
        Page.Contains($"{text} ", StringComparison.Ordinal) || Page.Contains($"{text}`", StringComparison.Ordinal);

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0
            ? [(path.TrimStart(), command)]
            : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}"));
}
