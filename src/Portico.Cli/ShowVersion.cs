using System.CommandLine;
using System.CommandLine.Invocation;

namespace Portico.Cli;

internal sealed class ShowVersion : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(AppVersion.Text);
        return 0;
    }
}
