using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portico.ControlPlane.State.Migrations
{
    /// <inheritdoc />
    public partial class AddPendingDeploys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Pending",
                table: "Services",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Services_Pending",
                table: "Services",
                column: "Id",
                filter: "\"Pending\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Services_Pending",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "Pending",
                table: "Services");
        }
    }
}
