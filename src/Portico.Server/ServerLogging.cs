using Microsoft.Extensions.Logging.Console;
using Portico.ControlPlane.Api.Access;

namespace Portico.Server;

/// <summary>Writes one line per entry to the log file that the keeper appends to.</summary>
internal static class ServerLogging
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // It would write a line for each request without a key.
        logging.AddFilter(typeof(ApiKeyAuthentication).FullName, LogLevel.Warning);
        // It warns that keys are stored unencrypted. That is intended: only the owner can read them.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Error);
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        });
    }
}
