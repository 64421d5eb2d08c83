using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>Makes a change fail that is one statement, without a save: of <c>ExecuteUpdateAsync</c> or <c>ExecuteDeleteAsync</c>.</summary>
internal sealed partial class StatementFaults(FaultPoints faults) : DbCommandInterceptor
{
    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.CommandSource is CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete)
            faults.PassRepeated(SubjectOf(command));
        return ValueTask.FromResult(result);
    }

    /// <summary>The table, and the ids of what the statement is for.</summary>
    private static string SubjectOf(DbCommand command)
    {
        var ids = command.Parameters.Cast<DbParameter>().Select(parameter => parameter.Value).OfType<string>().Where(value => Id().IsMatch(value));
        return $"{Verb().Match(command.CommandText)} {string.Join(' ', ids)}".TrimEnd();
    }

    [GeneratedRegex("^(?:UPDATE|DELETE FROM) \"\\w+\"")]
    private static partial Regex Verb();

    [GeneratedRegex("^(?:dep|srv|crn|dpg|red|job|crr|cdm)-[0-9a-z]+$")]
    private static partial Regex Id();
}
