using System.CommandLine;
using Portico.Cli.Hosting;

namespace Portico.Cli.Commands;

internal static class BlueprintCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("blueprint", "Validate, plan and export render.yaml files.")
        {
            BlueprintValidateCommand.Create(host), BlueprintPlanCommand.Create(host), BlueprintExportCommand.Create(host),
        };
        return (command, ["portico blueprint validate", "portico blueprint plan ./shop", "portico blueprint export render.yaml"]);
    }

    public static Argument<string?> FileArgument(string description) =>
        new("FILE") { Description = description, Arity = ArgumentArity.ZeroOrOne };
}
