using System.CommandLine;

namespace Portico.Cli;

/// <summary>An argument that takes the rest of the command line for another program, options included: <c>psql NAME -c '…'</c>.</summary>
internal static class PassedOn
{
    private sealed class RestArgument(string name) : Argument<string[]>(name);

    public static Argument<string[]> Create(string name, string description) =>
        new RestArgument(name) { Description = description, Arity = ArgumentArity.ZeroOrMore };

    public static bool Is(Argument argument) => argument is RestArgument;
}
