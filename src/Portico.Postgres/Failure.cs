using System.Globalization;
using System.Security.Authentication;
using Npgsql;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.Postgres;

/// <summary>Says for a person why a server could not be set up, and what to do.</summary>
internal static class Failure
{
    public static string Explain(PostgresSpec spec, InstanceAddress address, Exception exception)
    {
        var server = string.Create(CultureInfo.InvariantCulture, $"PostgreSQL '{spec.Name}' at {address.Host}:{address.Port}");
        return exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } => $"{server} is still starting or recovering.",
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } =>
                $"{server} has no free connection. Close some, or choose a larger plan.",
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } =>
                $"{server} refuses Portico's own password. The disk may belong to another database.",
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => $"{server} has no space left on its disk. Free some.",
            // The server's message alone: its detail may quote data.
            PostgresException other => $"{server} refused a change: {other.MessageText}.",
            { InnerException: AuthenticationException } =>
                $"{server} presents another certificate than its own. Another program may have the port; see what listens there.",
            _ => $"{server} does not answer: {exception.Message}",
        };
    }
}
